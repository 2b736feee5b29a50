import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { renderTable, tableChunks } from '../../src/report/table.ts';
import { createTheme } from '../../src/report/theme.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { NAUGHTY, OWN_NAUGHTY } from './naughty.ts';
import { busy, empty, hearsay, small, user, verdictCounts } from './summaries.ts';

const plain = await createTheme({ color: false, unicode: true });
const SGR = new RegExp(String.raw`\x1B\[\d+m`, 'g');
const ascii = await createTheme({ color: false, unicode: false });
const coloured = await createTheme({ color: true, unicode: true });

const draw = (summary: Summary, width: number = 100, top: number = 10, theme = plain): string =>
  renderTable(summary, { width, theme, top });

const lineWith = (text: string, part: string): string =>
  text.split('\n').find((line) => line.includes(part)) ?? `no line with ${part}`;

/** One text in every place that a log, a key file or a file name can fill. */
const poisoned = (text: string): Summary => ({
  ...busy,
  tz: 'UTC',
  verification: {
    mode: 'verified',
    verified_by: 'key',
    keys: [
      { id: text, kty: 'oct', algs: ['HS256'], tokens: 4711 },
      { id: 'secret', kty: 'oct', algs: ['HS256'], tokens: 2 },
    ],
  },
  inputs: [{ path: text, bytes: 1, lines: 1 }],
  users: [
    user({ user_id: text, email: text, roles: [text], tokens: 31_337 }),
    user({ user_id: 'honest', tokens: 5 }),
  ],
  unverified_users: [
    { user_id: text, user_id_type: 'string', tokens: 271, verdicts: { bad_signature: 271 } },
  ],
  notices: [{ code: 'x', message: `in ${text} there was something`, count: 1 }],
  incomplete: [{ path: text, reason: 'unreadable', detail: text }],
});

const DEMOS: readonly (readonly [string, Summary])[] = [
  ['small', small],
  ['busy', busy],
  ['hearsay', hearsay],
  ['empty', empty],
];

describe('a quiet log', () => {
  test('is this whole report', () => {
    expect(draw(small, 120)).toBe(
      `auth_logs.log   10 lines   5 tokens, 3 distinct   2023-09-22 08:00 to 2023-09-22 09:30 UTC

 valid 5

 User     E-mail               Tokens  Valid  Expired  Rejected  First seen   Last seen    Latest expiry
 12345    johndoe@example.com       3      3        0         0  09-22 08:00  09-22 09:30  in 1 h
 "12345"  -                         2      2        0         0  -            -            never

 Expiry at 2023-09-22 10:00 UTC  Tokens  Distinct  Users
 within 1 h                           3         2      1
 never                                2         1      1

 Expires on      Tokens  Distinct  Users
 Fri 2023-09-22       3         2      1
`,
    );
  });

  test('says nothing of keys, hearsay or notices', () => {
    expect(draw(small)).not.toMatch(/Keys|Hearsay|NOT VERIFIED|INCOMPLETE|!/);
  });
});

describe('a busy log', () => {
  const text = draw(busy, 120);

  test('counts inputs, lines, tokens', () => {
    expect(text).toContain('3 files   48,210 lines   12 skipped   24,105 tokens, 9,872 distinct');
  });

  test('shows times in the zone of the report', () => {
    expect(text).toContain('2026-11-01 09:12 to 2026-11-20 23:41 Europe/Berlin');
    expect(text).toContain('Expiry at 2026-11-21 01:00 Europe/Berlin');
  });

  test('shows the verdicts that occurred and no other', () => {
    expect(lineWith(text, ' valid 23,110')).toMatch(
      /expired 612 █.*bad_signature 371 ▋.*alg_none 12 ▏/,
    );
    expect(text).not.toContain('malformed');
  });

  test('says what each key verified, also nothing', () => {
    expect(lineWith(text, 'Keys')).toContain('auth-2026-10 (RS256, PS256) 20,112');
    expect(lineWith(text, 'Keys')).toContain('auth-2024-01 (ES256) 0');
  });

  test('counts what is neither valid nor expired as rejected', () => {
    expect(lineWith(text, '田中太郎')).toMatch(/ 211 +190 +20 +1 /);
  });

  test('row 72: an end past the calendar is the far future, no end is never', () => {
    expect(lineWith(text, ' archive')).toContain('far future');
    expect(lineWith(text, ' (none)')).toContain('never');
  });

  test('lists the top users and counts the others', () => {
    expect(text).toContain('user-2 ');
    expect(text).not.toContain('user-3 ');
    expect(text).toContain('28 more users: --top 0');
    expect(draw(busy, 120, 0)).toContain('user-30 ');
    expect(draw(busy, 120, 0)).not.toContain('more users');
  });

  test('lists five claimed users, apart and named hearsay', () => {
    expect(lineWith(text, 'Hearsay')).toContain('did not verify');
    expect(text).toContain(' guess-4 ');
    expect(text).not.toContain('guess-5');
    expect(text).toContain('4 more claimed users: --json');
  });

  test('shows only buckets with tokens, and the next days', () => {
    expect(text).not.toContain('within 7 d');
    expect(lineWith(text, 'within 30 d')).toMatch(/5,870 +5,400 +2,100/);
    expect(text).not.toContain('2026-11-18');
    expect(text).toContain('Sat 2026-11-21');
    expect(text).toContain('2 later days, 763 tokens: --json');
  });

  test('stamps an incomplete input first and explains it last', () => {
    expect(text.split('\n')[0]).toBe('INCOMPLETE: 1 input was not read to the end');
    expect(text).toContain('! /var/log/api/auth.log.2.gz (truncated): the gzip stream ends early');
  });

  test('at 80 columns the e-mail has left, then the first seen', () => {
    const head = lineWith(draw(busy, 80), ' User ');
    expect(head.trim().split(/ {2,}/)).toEqual([
      'User',
      'Tokens',
      'Valid',
      'Expired',
      'Rejected',
      'Last seen',
      'Latest expiry',
    ]);
    expect(lineWith(draw(busy, 100), ' User ')).not.toContain('E-mail');
    expect(lineWith(draw(busy, 100), ' User ')).toContain('First seen');
  });

  test('a year other than the present one is always shown', () => {
    const old = user({ user_id: 'old', first_seen: '2019-12-31T23:00:00Z' });
    const mixed = draw({ ...busy, users: [...busy.users.slice(0, 2), old] }, 140);
    expect(lineWith(mixed, ' old ')).toContain('2020-01-01 00:00');
    expect(lineWith(mixed, ' ada ')).toContain('2026-11-01 09:12');
    expect(lineWith(draw(busy, 140), 'service-account')).toContain('2027-01-02');
  });
});

describe('without verification', () => {
  test('is stamped at both ends', () => {
    for (const width of [80, 120]) {
      const lines = draw(hearsay, width).trimEnd().split('\n');
      expect(lines[0]).toBe('NOT VERIFIED: signatures were not checked');
      expect(lines.at(-1)).toBe('NOT VERIFIED: signatures were not checked');
    }
    expect(draw(hearsay, 80, 10, coloured)).toContain('\x1B[1m\x1B[31mNOT VERIFIED');
  });

  test('lists as many claimed users as asked for', () => {
    expect(draw(hearsay)).toContain('2 more claimed users: --top 0');
    expect(draw(hearsay, 100, 0)).toContain('user-11');
  });
});

describe('nothing found', () => {
  test('a log without tokens says what was looked for', () => {
    const text = draw(empty, 120);
    expect(text).toContain('messages   48,210 lines   0 tokens\n');
    expect(text).toContain('No token was found.');
    expect(text).toContain('--pattern REGEX');
    expect(text).not.toContain('User');
  });

  test('an empty log says so', () => {
    const text = draw({ ...empty, totals: { ...empty.totals, lines: 0 } });
    expect(text).toContain('The input is empty.');
  });
});

test('row 52: without colour there is no escape sequence, with colour the letters are the same', () => {
  for (const [, summary] of DEMOS) {
    expect(draw(summary)).not.toContain('\x1B');
    expect(draw(summary, 100, 10, coloured).replaceAll(SGR, '')).toBe(draw(summary));
  }
});

test('without Unicode the decoration is ASCII', () => {
  const western = { ...busy, users: busy.users.filter(({ user_id: id }) => id !== '田中太郎') };
  for (const width of [40, 80, 120]) {
    expect(draw(western, width, 0, ascii)).toMatch(/^[\n -~]*$/);
  }
});

test('the pieces are the report', () => {
  expect([...tableChunks(busy, { width: 90, theme: plain, top: 0 })].join('')).toBe(
    draw(busy, 90, 0),
  );
});

test('a row far down a long table looks as it would at its top', () => {
  const users = [...busy.users, ...OWN_NAUGHTY.map((text) => user({ user_id: text, email: text }))];
  const long = Array.from({ length: 8 }, () => users).flat();
  for (const theme of [plain, coloured]) {
    for (const width of [47, 80, 160]) {
      const lines = draw({ ...busy, users: long }, width, 0, theme).split('\n');
      const head = lines.findIndex((line) => line.includes('User') && line.includes('Tokens'));
      const rows = lines.slice(head + 1, head + 1 + long.length);
      expect(rows.slice(-users.length)).toEqual(rows.slice(0, users.length));
    }
  }
});

describe('any width', () => {
  test.each(DEMOS)(
    '%s fits, aligned, with a row a user',
    (_name, summary) => {
      for (let width = 40; width <= 220; width++) {
        const text = draw(summary, width, 0);
        for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        const lines = text.split('\n');
        const head = lines.findIndex((line) => line.startsWith(' User '));
        if (summary.users.length === 0) {
          expect(head).toBe(-1);
          continue;
        }
        const rows = lines.slice(head + 1, head + 1 + summary.users.length);
        for (const [at, { tokens }] of summary.users.entries()) {
          const count = `${tokens}`.replace(/(\d)(\d{3})$/, '$1,$2');
          expect(rows[at]).toMatch(new RegExp(String.raw` ${count}( |$)`));
        }
        expect(lines[head + 1 + summary.users.length]).toBe('');
      }
    },
    60_000,
  );

  test('counts too large for the width are never cut', () => {
    const many = Number.MAX_SAFE_INTEGER;
    const large: Summary = {
      ...small,
      totals: {
        ...small.totals,
        tokens: many,
        verdicts: verdictCounts({ valid: many, masked: 1 }),
      },
      users: [user({ tokens: many, verdicts: { valid: many } })],
    };
    for (let width = 40; width <= 220; width++) {
      const text = draw(large, width);
      for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(lineWith(text, ' ada ')).toContain('9,007,199,254,740,991');
      expect(lineWith(text, ' valid')).toContain('9,007,199,254,740,991');
    }
  });
});

const check = (text: string, width: number): void => {
  const shown = draw(poisoned(text), width);
  expect(shown).not.toMatch(
    /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/u,
  );
  for (const line of shown.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  const lines = shown.split('\n');
  const head = lines.findIndex((line) => line.startsWith(' User '));
  expect(lines[head + 1]).toMatch(/ 31,337( |$)/);
  expect(lines[head + 2]).toMatch(/^ honest +5( |$)|^ honest +- +5 /);
  expect(lines[head + 3]).toBe('');
  expect(lineWith(shown, 'Keys')).toContain(' 4,711');
};

describe('hostile text', () => {
  test('row 45: as id, e-mail, path, kid or notice it stays text on its line', () => {
    for (const [at, text] of NAUGHTY.entries()) check(text, 40 + ((at * 37) % 140));
  }, 60_000);

  test('row 51: any graphemes keep the columns in line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 40, max: 220 }),
        (text, width) => check(text, width),
      ),
      { seed: 51, numRuns: 150 },
    );
  });

  test('row 46: a forged row is one escaped cell', () => {
    const shown = draw(poisoned('a\n| admin | 999'), 160);
    expect(shown.split('\n').filter((line) => line.startsWith('| admin'))).toEqual([]);
    expect(shown).toContain(String.raw`a\n| admin | 999`);
  });
});
