import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { randomLog } from '../oracle/random-log.ts';
import { ROOT, runCli, summaryOf } from '../support/cli.ts';
import { tempFile } from '../support/folder.ts';
import { expectInvariants } from '../support/invariants.ts';
import { claims, lineOf, logOf, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';

const ENV = { AUTHLOG_SECRET: SECRET };

const eventsOf = async (log: string | Uint8Array, ...args: readonly string[]): Promise<string> => {
  const result = await runCli(['events', '-', '--now', NOW, '-q', ...args], {
    stdin: log,
    env: ENV,
  });
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout;
};

const analyzed = (events: string | Uint8Array, ...args: readonly string[]): Promise<Summary> =>
  summaryOf(['-', '--now', NOW, ...args], { stdin: events });

const withoutDistinct = ({
  distinct_tokens: _distinct,
  ...rest
}: {
  distinct_tokens: number;
}): object => rest;

/** What is said of tokens, whoever judged them. */
const facts = ({ totals, users, unverified_users, expiry, expiry_dates }: Summary): object => ({
  tokens: totals.tokens,
  verdicts: totals.verdicts,
  users: users.map(withoutDistinct),
  unverified_users,
  expiry: expiry.map(withoutDistinct),
  expiry_dates: expiry_dates.map(withoutDistinct),
});

describe('a file of events is a source', () => {
  test('of any log, the events tell the same summary as the log itself, without a key', async () => {
    await fc.assert(
      fc.asyncProperty(randomLog, async (log) => {
        const ofLog = await summaryOf(['-', '--now', NOW], { stdin: log, env: ENV });
        if (ofLog.totals.tokens === 0) return;
        const ofEvents = await analyzed(await eventsOf(log));
        expectInvariants(ofEvents);
        expect(facts(ofEvents)).toEqual(facts(ofLog));
        expect(ofEvents.totals.distinct_tokens).toBe(ofLog.totals.distinct_tokens);
        expect(ofEvents.verification).toEqual({
          mode: 'verified',
          verified_by: 'recorder',
          keys: [],
        });
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  test('blocks, threads and a window of time change nothing', async () => {
    const [log] = fc.sample(randomLog, { numRuns: 1, seed: 11 });
    const events = await eventsOf(log!.toString('latin1').repeat(20));
    const whole = await analyzed(events);
    expect(whole.totals.tokens).toBeGreaterThan(20);
    for (const size of ['1', '700', '64K']) {
      expect(await analyzed(events, '--block-size', size)).toEqual(whole);
    }
    const since = await analyzed(events, '--since', '12h');
    const plain = await summaryOf(['-', '--now', NOW, '--since', '12h'], {
      stdin: log!.toString('latin1').repeat(20),
      env: ENV,
    });
    expect(facts(since)).toEqual(facts(plain));
  });

  test('events of events are the same events, and say whose verdict it is', async () => {
    const events = await eventsOf(logOf(mint(claims()), mint(claims(), { secret: 'other' })));
    const again = await runCli(['events', '-', '-q'], { stdin: events });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const expected = events
      .trimEnd()
      .split('\n')
      .map((line) => ({ ...(JSON.parse(line) as object), verified_by: 'recorder' }));
    expect(
      again.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual(expected);
    const schema = readFileSync(`${ROOT}schema/authlog.event-1.json`, 'utf8');
    const check = new Ajv2020({ strict: true, strictTypes: false }).compile(
      JSON.parse(schema) as object,
    );
    for (const event of expected) expect(check(event), JSON.stringify(check.errors)).toBe(true);
  });

  test('explain tells what was recorded', async () => {
    const path = tempFile('events.ndjson', await eventsOf(logOf(mint(claims({ exp: 1 })))));
    const { code, stdout } = await runCli(['explain', `${path}:1`]);
    expect(code).toBe(0);
    expect(stdout).toContain('expired');
    expect(stdout).toContain('who recorded the event');
  });

  test('a request without token is a line without token', async () => {
    const [event = ''] = (await eventsOf(logOf(mint(claims())))).split('\n');
    const without = { ...(JSON.parse(event) as object), verdict: null, token_id: null };
    const summary = await analyzed(`${event}\n${JSON.stringify(without)}\n`);
    expect(summary.totals).toMatchObject({ lines: 2, lines_without_token: 1, tokens: 1 });
  });
});

describe('what a file of events is not', () => {
  test('an event further down in a log is text: the first line decides', async () => {
    const event = await eventsOf(logOf(mint(claims())));
    const log = `${lineOf('started')}\n${event}`;
    const summary = await summaryOf(['-', '--now', NOW], { stdin: log, env: ENV });
    expect(summary.totals.tokens).toBe(0);
    expect(summary.verification.verified_by).toBe('key');
  });

  test('without a key a log is refused, a pipe and an empty one too', async () => {
    const log = logOf(mint(claims()));
    const sources = [{ stdin: log }, { stdin: '' }];
    for (const options of sources) {
      for (const command of ['analyze', 'events', 'explain']) {
        const result = await runCli([command, '-'], options);
        expect(result.code, command).toBe(2);
        expect(result.stdout).toBe('');
      }
    }
    const file = await runCli(['analyze', tempFile('a.log', log)]);
    expect(file).toMatchObject({ code: 2, stdout: '' });
    expect(file.stderr).toContain('no key to verify with');
  });

  test('beside a log, only the log needs a key', async () => {
    const events = tempFile('events.ndjson', await eventsOf(logOf(mint(claims()))));
    const log = tempFile('plain.log', logOf(mint(claims({ sub: 'bob' }))));
    const both = await summaryOf([events, log, '--now', NOW], { env: ENV });
    expect(both.totals.tokens).toBe(2);
    expect(both.verification).toMatchObject({ mode: 'verified', verified_by: 'both' });
    expect((await runCli(['analyze', events, log])).code).toBe(2);
    expect((await runCli(['analyze', events])).code).toBe(0);
  });

  test('lines that are no event are counted, whatever they hold', async () => {
    const [event = ''] = (await eventsOf(logOf(mint(claims())))).split('\n');
    const good = JSON.parse(event) as Record<string, unknown>;
    const bad = [
      '{"schema":"authlog.event/1",',
      'null',
      '[]',
      JSON.stringify({ ...good, verdict: 'fine' }),
      JSON.stringify({ ...good, verdict: 'toString' }),
      JSON.stringify({ ...good, token_id: null }),
      JSON.stringify({ ...good, token_id: mint(claims()) }),
      JSON.stringify({ ...good, user_id: ['a'] }),
      JSON.stringify({ ...good, user_id_type: 'admin' }),
      JSON.stringify({ ...good, roles: 'admin' }),
      JSON.stringify({ ...good, exp: 'soon' }),
      JSON.stringify({ ...good, status: -1 }),
      JSON.stringify({ ...good, schema: 'authlog.event/2' }),
    ];
    const summary = await analyzed([event, ...bad, ''].join('\n'));
    expect(summary.totals).toMatchObject({ lines: 14, lines_without_token: 13, tokens: 1 });
    const notice = summary.notices.find(({ code }) => code === 'no_event');
    expect(notice?.count).toBe(13);
  });

  test('a token that somebody put into an event does not get out', async () => {
    const token = mint(claims({ exp: NOW_S + 1e6 }));
    const [event = ''] = (await eventsOf(logOf(token))).split('\n');
    const leaky = { ...(JSON.parse(event) as object), event: `used ${token}`, extra: token };
    const { stdout } = await runCli(['events', '-', '-q'], {
      stdin: `${event}\n${JSON.stringify(leaky)}\n`,
    });
    expect(stdout).toContain('used eyJ');
    expect(stdout).not.toContain(token);
  });

  test('the live tokens that events tell of are not in the file', async () => {
    const path = tempFile('events.ndjson', await eventsOf(logOf(mint(claims()))));
    const summary = await summaryOf([path, '--now', NOW]);
    expect(summary.notices.map(({ code }) => code)).not.toContain('live_tokens');
  });
});
