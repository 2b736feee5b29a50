import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { ROOT, runCli } from '../support/cli.ts';
import { expectInvariants, numbersOf } from '../support/invariants.ts';
import { parseEvents, type Event } from '../support/judged.ts';
import { NOW, NOW_S, SECRET } from '../support/tokens.ts';
import { aggregate, stated } from './aggregate.ts';
import { randomLog } from './random-log.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false });
const compile = (name: string): ReturnType<typeof ajv.compile> =>
  ajv.compile(JSON.parse(readFileSync(`${ROOT}schema/${name}`, 'utf8')) as object);
const checkSummary = compile('authlog.summary-1.json');
const checkEvent = compile('authlog.event-1.json');

const ENV = { AUTHLOG_SECRET: SECRET };

const POLICIES: readonly (readonly string[])[] = [
  [],
  ['--clock', 'now'],
  ['--leeway', '90s'],
  ['--issuer', 'https://issuer.example'],
  ['--audience', 'api', '--allow-padding'],
  ['--alg', 'HS256'],
  ['--no-verify'],
  ['--since', '24h'],
  ['--since', '2023-09-21', '--until', '2023-09-22T09:00:00Z'],
  ['--max-line', '600'],
  ['--max-token', '200'],
  ['--pattern', 'oken: (\\S+)'],
  ['--user-claim', 'email,sub', '--tz', 'Asia/Kolkata'],
  ['--key', `${ROOT}fixtures/keys/jwks.json`],
];

const run = async (command: string, log: Buffer, args: readonly string[]): Promise<string> => {
  const all = [command, '-', '--now', NOW, '-q', '--threads', '1', ...args];
  const { code, stdout, stderr } = await runCli(all, { stdin: log, env: ENV });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout;
};

const summaryOf = async (log: Buffer, args: readonly string[]): Promise<Summary> =>
  JSON.parse(await run('analyze', log, ['--json', '--no-findings', ...args])) as Summary;

const expectSchema = (check: typeof checkSummary, value: unknown): void => {
  void check(value);
  expect(check.errors).toBeNull();
};

const seen = new Set<string>();

test('of any log the sums hold, the schemas describe what is printed, and events add up to the summary', async () => {
  await fc.assert(
    fc.asyncProperty(randomLog, fc.constantFrom(...POLICIES), async (log, policy) => {
      const summary = await summaryOf(log, policy);
      expectInvariants(summary);
      expectSchema(checkSummary, summary);
      const { totals, verification, users } = summary;
      const lines = log.toString('latin1').split('\n').length - (log.at(-1) === 0x0a ? 1 : 0);
      expect(totals.lines).toBe(lines);
      const verified = users.reduce((sum, { tokens }) => sum + tokens, 0);
      expect(verification.keys.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(verified);

      const events: Event[] = parseEvents(await run('events', log, policy));
      for (const event of events) expectSchema(checkEvent, event);
      expect(aggregate(events, NOW_S)).toEqual(stated(summary));
      expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
      for (const { verdict } of events) seen.add(verdict);
    }),
    { seed: 7519, numRuns: 250 },
  );
  // The logs are as mixed as they are meant to be.
  expect([...seen].toSorted()).toEqual([
    'alg_none',
    'alg_not_allowed',
    'bad_signature',
    'encrypted',
    'expired',
    'malformed',
    'masked',
    'not_yet_valid',
    'oversized',
    'unknown_key',
    'unverified',
    'valid',
    'wrong_audience',
    'wrong_issuer',
  ]);
});

test('no number depends on where blocks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomLog,
      fc.constantFrom(...POLICIES.slice(0, 10)),
      fc.integer({ min: 1, max: 2000 }),
      async (log, policy, size) => {
        const whole = await summaryOf(log, policy);
        const cut = await summaryOf(log, [...policy, '--block-size', String(size)]);
        expect(cut).toEqual(whole);
        const events = await run('events', log, policy);
        expect(await run('events', log, [...policy, '--block-size', String(size)])).toBe(events);
      },
    ),
    { seed: 7516, numRuns: 80 },
  );
});

test('no number but the times depends on the order of the lines', async () => {
  const shuffled = randomLog.chain((log) => {
    const lines = log.toString('latin1').split('\n').slice(0, -1);
    return fc.shuffledSubarray(lines, { minLength: lines.length }).map((other) => [lines, other]);
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ([lines, other]) => {
      const join = (all: readonly string[]): Buffer => Buffer.from(`${all.join('\n')}\n`, 'latin1');
      const [a, b] = [await summaryOf(join(lines!), []), await summaryOf(join(other!), [])];
      // The last e-mail that a user's tokens name is the one of the log's last line.
      const comparable = (summary: Summary): unknown => {
        const { users, ...rest } = numbersOf(summary);
        return { ...rest, users: users!.map(({ email: _email, ...user }) => user) };
      };
      expect(comparable(a)).toEqual(comparable(b));
    }),
    { seed: 7517, numRuns: 60 },
  );
});
