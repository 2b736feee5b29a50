import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../src/summarize/summary.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { runCli, summaryOf, type Result } from './cli.ts';
import { tempFolder } from './folder.ts';
import { logOf, NOW, SECRET } from './tokens.ts';

/** A line of `authlog events`. */
export interface Event {
  readonly line: number;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly token_id: string;
  readonly user_id: string | number | null;
  readonly user_id_type: string;
  readonly [member: string]: unknown;
}

/** Judges at `NOW`; worker threads run only what is built. */
const AT_NOW = ['--now', NOW, '-q', '--threads', '1'];
const ENV = { AUTHLOG_SECRET: SECRET };

/** Lines of NDJSON. */
export const parseEvents = (text: string): Event[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);

/** The events of a log on standard input, judged by `SECRET` unless `args` name another key. */
export const eventsOf = async (
  log: string | Uint8Array,
  args: readonly string[] = [],
): Promise<Event[]> => {
  const { code, stdout, stderr } = await runCli(['events', '-', ...AT_NOW, ...args], {
    stdin: log,
    env: ENV,
  });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return parseEvents(stdout);
};

/** The one verdict on each token, with its reason where it has one: `malformed crit`. */
export const verdictsOf = async (
  tokens: readonly string[],
  args: readonly string[] = [],
): Promise<string[]> => {
  const events = await eventsOf(logOf(...tokens), args);
  return tokens.map((_token, index) =>
    events
      .filter(({ line }) => line === index + 1)
      .map(({ verdict, reason }) => (reason === null ? verdict : `${verdict} ${reason}`))
      .join(' + '),
  );
};

export const verdictOf = async (token: string, args: readonly string[] = []): Promise<string> =>
  (await verdictsOf([token], args))[0]!;

/** The summary of a log on standard input, judged by `SECRET` unless `args` name another key. */
export const analyzed = (
  log: string | Uint8Array,
  args: readonly string[] = [],
): Promise<Summary> => summaryOf(['-', ...AT_NOW, ...args], { stdin: log, env: ENV });

/** The table of a log on standard input, judged by `SECRET`. */
export const tableOf = async (log: string, args: readonly string[] = []): Promise<string> => {
  const { stdout } = await runCli(['analyze', '-', ...AT_NOW, ...args], { stdin: log, env: ENV });
  return stdout;
};

export const noticeOf = (summary: Summary, code: string): string | undefined =>
  summary.notices.find((notice) => notice.code === code)?.message;

/** The run must have failed for what the command line or a key is: one line, exit code 2. */
export const refusal = ({ code, stdout, stderr }: Result): string => {
  if (code !== 2 || stdout !== '') throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return stderr;
};

/** Writes a file that only its owner can read, as a secret should be; its path. */
export const privateFile = (name: string, content: string | Uint8Array, mode = 0o600): string => {
  const path = join(tempFolder(), name);
  writeFileSync(path, content, { mode });
  return path;
};
