import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { spawnCli } from '../support/cli.ts';
import { startEcho, startGuard, type EchoApp, type Running } from '../support/servers.ts';
import { mint, SECRET } from '../support/tokens.ts';

export interface Ports {
  readonly guard: number;
  readonly app: number;
}

/** The guard, the application and a proxy before both, all of them real. */
export interface Proxied {
  readonly folder: string;
  readonly app: EchoApp;
  readonly guard: Running;
  readonly secretFile: string;
  readonly record: string;
  readonly events: () => readonly RecordedEvent[];
  readonly end: () => Promise<void>;
}

const RULES = {
  rules: [
    { path: '/open', public: true },
    { path: '/admin', roles: ['admin'] },
    { path: '/files', methods: ['GET'] },
    { path: '/files', methods: ['DELETE'], roles: ['admin'] },
  ],
};

/** Starts all but the proxy, which `startProxy` starts. */
export const startProxied = async (
  startProxy: (ports: Ports, folder: string) => Promise<Running>,
): Promise<Proxied> => {
  const folder = mkdtempSync(join(tmpdir(), 'authlog-proxied-'));
  const [secretFile, rules, record] = ['secret', 'rules.json', 'auth.jsonl'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(secretFile, SECRET, { mode: 0o600 });
  writeFileSync(rules, JSON.stringify(RULES));
  const args = ['--secret-file', secretFile, '--rules', rules, '--record', record];
  const app = await startEcho();
  const guard = await startGuard(args);
  const end = async (): Promise<void> => {
    app.close();
    await guard.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const proxy = await startProxy({ guard: guard.port, app: app.port }, folder);
    return {
      folder,
      app,
      guard,
      secretFile,
      record,
      events: () => eventsOf(record),
      end: async () => {
        await proxy.end();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
};

/** Every event of a file, in order. */
export const eventsOf = (record: string): readonly RecordedEvent[] =>
  readFileSync(record, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent);

/** A token as `authlog issue` makes it. */
export const issue = async (secretFile: string, ...args: readonly string[]): Promise<string> => {
  const command = ['issue', '--secret-file', secretFile, ...args];
  const { code, stdout, stderr } = await spawnCli(command);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
};

/** `authlog analyze` of recorded events: no key is needed. */
export const analyzed = async (record: string): Promise<Summary> => {
  const { code, stdout, stderr } = await spawnCli(['analyze', record, '--json', '-q']);
  if (code > 1) throw new Error(stderr);
  return JSON.parse(stdout) as Summary;
};

const soon = (): number => Math.floor(Date.now() / 1000) + 600;

/** Tokens that must not pass, by what is wrong with them. */
export const badTokens = (): Readonly<
  Record<'expired' | 'forged' | 'unsigned' | 'large', string>
> => ({
  expired: mint({ user_id: 'zoe', exp: soon() - 1200 }),
  forged: mint({ user_id: 'root', role: 'admin', exp: soon() }, { secret: 'not the secret' }),
  unsigned: `${mint({ user_id: 'root', exp: soon() }, { header: '{"alg":"none"}' })
    .split('.')
    .slice(0, 2)
    .join('.')}.`,
  large: mint({ user_id: 'zoe', exp: soon(), more: 'x'.repeat(15_000) }),
});

export const bearer = (token: string): string => `Authorization: Bearer ${token}`;

/** Puts a test's values where an example has its own; each of them must be there once. */
export const fillIn = (text: string, values: Readonly<Record<string, string>>): string => {
  let filled = text;
  for (const [own, value] of Object.entries(values)) {
    const parts = filled.split(own);
    if (parts.length !== 2) throw new Error(`the example has "${own}" ${parts.length - 1} times`);
    filled = parts.join(value);
  }
  return filled;
};
