import { describe, expect, test } from 'vitest';
import {
  FORMATS,
  type Format,
  type ReportOptions,
  type Reporter,
} from '../../src/report/reporter.ts';
import { reporters } from '../../src/report/reporters.ts';
import { jsonChunks, renderJson } from '../../src/report/json.ts';
import { createTheme } from '../../src/report/theme.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { NAUGHTY } from './naughty.ts';
import { busy, empty, hearsay, small, user, verdictCounts } from './summaries.ts';

const OPTIONS: ReportOptions = {
  width: 100,
  theme: await createTheme({ color: false, unicode: true }),
  top: 10,
};

const loaded = new Map<Format, Reporter>();
for (const format of FORMATS) loaded.set(format, await reporters[format]());

const print = (format: Format, summary: Summary, options: Partial<ReportOptions> = {}): string =>
  [...loaded.get(format)!(summary, { ...OPTIONS, ...options })].join('');

/** Every hostile string as a user of its own. */
const poisoned: Summary = {
  ...busy,
  inputs: NAUGHTY.map((path) => ({ path, bytes: 1, lines: 1 })),
  users: NAUGHTY.map((text) => user({ user_id: text, email: text, roles: [text] })),
  unverified_users: NAUGHTY.map((text) => ({
    user_id: text,
    user_id_type: 'string' as const,
    tokens: 1,
    verdicts: { alg_none: 1 },
  })),
  notices: NAUGHTY.map((message) => ({ code: 'x', message, count: 1 })),
};

const RAW_CONTROL = /(?![\r\n])[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** RFC 4180: records of fields, read strictly. */
const readCsv = (text: string): string[][] => {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw new Error('a quote is not closed');
        if (text[at] === '"' && text[at + 1] !== '"') break;
        if (text[at] === '"') at += 1;
        field += text[at];
      }
      at += 1;
    } else {
      for (; at < text.length && text[at] !== ',' && text[at] !== '\r'; at += 1) {
        if (text[at] === '"' || text[at] === '\n') throw new Error('a field lacks its quotes');
        field += text[at];
      }
    }
    record.push(field);
    if (text[at] === ',') {
      at += 1;
      if (text[at] === '\r') record.push('');
    }
    if (text[at] === '\r') {
      if (text[at + 1] !== '\n') throw new Error('a record ends without CRLF');
      at += 2;
      records.push(record);
      record = [];
    }
  }
  if (record.length > 0) throw new Error('the last record is not ended');
  return records;
};

/** The same object with its keys in the opposite order. */
const turned = <Shape extends object>(shape: Shape): Shape => {
  const copy = { ...shape };
  for (const [name, value] of Object.entries(shape).toReversed()) {
    Reflect.deleteProperty(copy, name);
    Reflect.set(copy, name, value);
  }
  return copy;
};

const ndjsonOf = (summary: Summary): Record<string, unknown>[] =>
  print('ndjson', summary)
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

test('every format prints every summary, with a newline at the end', () => {
  for (const format of FORMATS) {
    for (const summary of [small, busy, hearsay, empty, poisoned]) {
      expect(print(format, summary)).toMatch(/\n$/);
    }
  }
});

describe('json', () => {
  test('is the summary, indented by two', () => {
    for (const summary of [small, busy, hearsay, empty]) {
      expect(renderJson(summary)).toBe(`${JSON.stringify(summary, null, 2)}\n`);
    }
  });

  test('row 47: hostile text comes back exactly and acts on no terminal', () => {
    const json = renderJson(poisoned);
    expect(JSON.parse(json)).toEqual(poisoned);
    expect(json).not.toMatch(RAW_CONTROL);
  });

  test('row 47: a number beyond 2^53 stays the string that it is', () => {
    const id = '9007199254740993';
    const json = renderJson({
      ...small,
      users: [user({ user_id: id, user_id_type: 'number' })],
    });
    expect(json).toContain(`"user_id": "${id}"`);
  });

  test('the order of the keys does not depend on how the summary was built', () => {
    const shuffled = turned({
      ...busy,
      users: busy.users.map((one) =>
        turned({ ...one, verdicts: turned({ ...one.verdicts, malformed: 0 }) }),
      ),
      totals: turned({ ...busy.totals, verdicts: turned(busy.totals.verdicts) }),
    });
    expect(Object.keys(shuffled)[0]).toBe('incomplete');
    expect(renderJson(shuffled)).toBe(renderJson(busy));
  });

  test('comes in pieces that no million users make large', () => {
    const users = Array.from({ length: 20_000 }, (_, at) => user({ user_id: `user-${at}` }));
    const pieces = [...jsonChunks({ ...busy, users })];
    expect(pieces.length).toBeGreaterThan(50);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
  });
});

describe('ndjson', () => {
  test('is one object a line: the summary without its lists, then each list', () => {
    const kinds = ndjsonOf(busy).map(({ record }) => record);
    expect(kinds[0]).toBe('summary');
    const count = (kind: string): number => kinds.filter((one) => one === kind).length;
    expect(count('user')).toBe(busy.users.length);
    expect(count('unverified_user')).toBe(busy.unverified_users.length);
    expect(count('expiry')).toBe(7);
    expect(count('expiry_date')).toBe(busy.expiry_dates.length);
    expect(count('notice')).toBe(busy.notices.length);
    expect(ndjsonOf(busy)[0]).toEqual({
      record: 'summary',
      schema: busy.schema,
      now: busy.now,
      clock: busy.clock,
      tz: busy.tz,
      verification: busy.verification,
      inputs: busy.inputs,
      totals: busy.totals,
      findings: busy.findings,
      incomplete: busy.incomplete,
    });
  });

  test('row 47: hostile text comes back exactly, one record a line', () => {
    const users = ndjsonOf(poisoned).filter(({ record }) => record === 'user');
    expect(users).toEqual(poisoned.users.map((one) => ({ record: 'user', ...one })));
  });
});

describe('csv', () => {
  test('has a header and one record a user', () => {
    const [header = [], first = [], second = [], ...rest] = readCsv(print('csv', small));
    const read = (record: string[]): Record<string, unknown> =>
      Object.fromEntries(header.map((name, at) => [name, record[at]]));
    expect(read(first)).toMatchObject({
      verified: 'yes',
      user_id: '12345',
      user_id_type: 'number',
      email: 'johndoe@example.com',
      tokens: '3',
      valid: '3',
      unverified: '0',
      latest_expiry: '2023-09-22T11:00:00Z',
      expiry_state: 'active',
    });
    expect(read(second)).toMatchObject({ user_id_type: 'string', email: '', first_seen: '' });
    expect(rest).toEqual([]);
  });

  test('row 48: raw comes back exactly, but for unpaired surrogates', () => {
    const records = readCsv(print('csv', poisoned, { csvRaw: true })).slice(1);
    const seen = records.map((record) => record[1]);
    const expected = NAUGHTY.map((text) =>
      text.replace(/\p{Cs}/gu, (unit) => `\\u{${unit.charCodeAt(0).toString(16).toUpperCase()}}`),
    );
    expect(seen).toEqual(expected);
    for (const record of records) expect(record).toHaveLength(25);
  });

  test('row 48: by default no cell is a formula, and every record is one harmless line', () => {
    const text = print('csv', poisoned);
    expect(text).not.toMatch(RAW_CONTROL);
    expect(text.split('\r\n')).toHaveLength(NAUGHTY.length + 2);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const record of readCsv(text).slice(1)) {
      expect(record).toHaveLength(25);
      for (const cell of record) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
  });

  test('users that nobody verified are there only where nothing was, and say so', () => {
    const none = readCsv(print('csv', hearsay)).slice(1);
    expect(none).toHaveLength(12);
    expect(new Set(none.map(([verified]) => verified))).toEqual(new Set(['no']));
    expect(readCsv(print('csv', busy)).slice(1)).toHaveLength(busy.users.length);
  });
});

describe('markdown', () => {
  test('is tables with the counts of the summary', () => {
    const text = print('markdown', busy);
    expect(text).toContain('## authlog: 3 files\n');
    expect(text).toContain('> **INCOMPLETE: 1 input was not read to the end**');
    expect(text).toContain('| `bad_signature` | 371 |\n');
    expect(text).toContain('| `johndoe` | `johndoe@example.com` | 1,412 | 1,410 | 2 | 0 |');
    expect(text).toContain('28 more users: `--top 0`');
    expect(text).toContain('| within 24 h | 3,020 | 2,811 | 1,940 |');
  });

  test('stamps what was not verified', () => {
    expect(print('markdown', hearsay)).toContain('> **NOT VERIFIED: signatures were not checked**');
  });

  test('row 78: the number is bare, the string is code', () => {
    expect(print('markdown', small)).toContain('\n| 12345 |');
    expect(print('markdown', small)).toContain('\n| `12345` |');
  });

  test('row 50: no text adds a row or a cell', () => {
    const text = print('markdown', { ...poisoned, inputs: busy.inputs }, { top: 0 });
    expect(text).not.toMatch(RAW_CONTROL);
    const section = text.slice(text.indexOf('### Users'), text.indexOf('### Claimed'));
    const rows = section.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(NAUGHTY.length + 2);
    for (const row of rows) expect(row.split('|')).toHaveLength(11);
  });
});

test('every verdict is counted once in the demos', () => {
  // The demos stand for what the summary promises, so they must keep the promise themselves.
  for (const { totals } of [small, busy, hearsay, empty]) {
    const sum = Object.values(totals.verdicts).reduce((all, one) => all + one, 0);
    expect(sum).toBe(totals.tokens);
    expect(totals.lines_with_token + totals.lines_without_token + totals.lines_skipped).toBe(
      totals.lines,
    );
  }
  expect(Object.keys(verdictCounts({}))).toHaveLength(14);
});
