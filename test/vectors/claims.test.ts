import { describe, expect, test } from 'vitest';
import { runCli, summaryOf } from '../support/cli.ts';
import { parseEvents } from '../support/judged.ts';
import { NOW } from '../support/tokens.ts';
import { areMissing, readVector, vectorPath } from './folder.ts';

const isMissing = areMissing();
const secret = ['--secret-file', vectorPath('claims', 'secret'), '--now', NOW, '-q'];

interface JsonCase {
  readonly file: string;
  readonly tokenLen: number;
  readonly expect: string;
}

interface Naughty {
  readonly line: number;
  readonly sub: string;
}

describe.skipIf(isMissing)('claims sets of JSONTestSuite', () => {
  const log = vectorPath('claims', 'jsontestsuite.log');
  const cases = isMissing
    ? []
    : (JSON.parse(readVector('claims', 'jsontestsuite.json')) as JsonCase[]);
  const payloadOf = (line: number): Buffer => {
    const text = readVector('claims', 'jsontestsuite.log').split('\n')[line - 1]!;
    return Buffer.from(/ Token: [\w-]+\.([\w-]*)\./.exec(text)![1]!, 'base64url');
  };

  test('objects are valid, other texts and bad JSON are malformed, nothing crashes', async () => {
    const args = ['events', log, ...secret, '--max-token', '1M'];
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    const events = parseEvents(stdout);
    const wrong: unknown[] = [];
    for (const [index, { file, expect: expected }] of cases.entries()) {
      const [event, ...more] = events.filter(({ line }) => line === index + 1);
      const verdict = event?.verdict ?? 'none';
      const isObject = /^\s*\{/.test(payloadOf(index + 1).toString('latin1'));
      const accepted = ['valid', 'expired'].includes(verdict);
      const refused = verdict === 'malformed' && /^(?:payload|claim)_/.test(event!.reason ?? '');
      const right =
        more.length === 0 &&
        (accepted || refused) &&
        (file.startsWith('i_') || accepted === (file.startsWith('y_') && isObject));
      if (!right) wrong.push([file, expected, verdict, event?.reason]);
    }
    expect(wrong).toEqual([]);
    expect(events).toHaveLength(318);
    expect(cases).toHaveLength(318);
  });

  test('what the vectors say about each file is what is told', async () => {
    const { stdout } = await runCli(['events', log, ...secret, '--max-token', '1M']);
    const events = parseEvents(stdout);
    for (const [index, { file, expect: expected }] of cases.entries()) {
      if (expected.startsWith('either')) continue;
      const verdict = events[index]!.verdict === 'malformed' ? 'invalid-claims' : 'valid';
      expect([file, verdict]).toEqual([file, expected]);
    }
  });

  test('the longest ones are oversized by default', async () => {
    const { totals } = await summaryOf([log, ...secret]);
    const long = cases.filter(({ tokenLen }) => tokenLen > 64 << 10).length;
    expect(long).toBeGreaterThan(0);
    expect(totals.verdicts.oversized).toBe(long);
    expect(totals.tokens).toBe(318);
  });
});

describe.skipIf(isMissing)('naughty strings as users', () => {
  const log = vectorPath('claims', 'blns.log');
  const naughty = isMissing ? [] : (JSON.parse(readVector('claims', 'blns.json')) as Naughty[]);

  test('there are 511 users and 515 tokens, and JSON gives every string back', async () => {
    const summary = await summaryOf([log, ...secret]);
    expect(summary.totals).toMatchObject({ tokens: 515, verdicts: { valid: 515 } });
    expect(summary.users).toHaveLength(511);
    expect(summary.users.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(515);
    const ids = summary.users.map(({ user_id }) => user_id);
    const subs = naughty.map(({ sub }) => sub);
    expect(new Set(ids)).toEqual(new Set(subs));
    for (const { user_id, user_id_type } of summary.users) {
      expect([typeof user_id, user_id_type]).toEqual(['string', 'string']);
    }
  });

  test('events give every string back, in its line', async () => {
    const { stdout } = await runCli(['events', log, ...secret]);
    const events = parseEvents(stdout);
    expect(events.map(({ line, user_id }) => [line, user_id])).toEqual(
      naughty.map(({ line, sub }) => [line, sub]),
    );
  });

  test.each(['table', 'markdown', 'csv'])(
    'a %s holds one line for each of them, and nothing that a terminal obeys',
    async (format) => {
      const args = ['analyze', log, ...secret, '--top', '0', '--format', format];
      // RFC 4180 ends a record with CR LF.
      const stdout = (await runCli(args)).stdout.replaceAll('\r\n', '\n');
      const [found] =
        // oxlint-disable-next-line no-control-regex
        /[\0-\x09\x0B-\x1F\x7F-\x9F\u2028\u2029\u202A-\u202E\u2066-\u2069]/.exec(stdout) ?? [];
      expect(found).toBeUndefined();
      expect(stdout).not.toMatch(/\p{Cs}|\uFFFD/u);
      const rows = stdout.split('\n');
      expect(rows.length).toBeGreaterThan(511);
      expect(rows.length).toBeLessThan(620);
    },
  );

  test('no line of the table is wider than asked for', async () => {
    const { default: stringWidth } = await import('string-width');
    const { stdout } = await runCli(['analyze', log, ...secret, '--top', '0'], { columns: 80 });
    for (const row of stdout.split('\n')) {
      expect(stringWidth(row)).toBeLessThanOrEqual(80);
    }
  });
});
