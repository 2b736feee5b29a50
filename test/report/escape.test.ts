import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeJsonText } from '../../src/event/escape-json.ts';
import { escapeCsv, escapeMarkdown, escapeText } from '../../src/report/escape.ts';
import { NAUGHTY } from './naughty.ts';

/** Reads escaped text back; written apart from the escaper, so that both must mean the same. */
const unescape = (text: string): string =>
  text.replace(
    /\\(?:(["\\nrt])|x([0-9A-F]{2})|u\{([0-9A-F]+)\})/g,
    (_all, short: string | undefined, byte: string | undefined, code: string | undefined) => {
      if (short !== undefined) return { n: '\n', r: '\r', t: '\t' }[short] ?? short;
      return String.fromCodePoint(Number.parseInt(byte ?? code!, 16));
    },
  );

const codeUnits = fc.string({ unit: 'binary' });
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('\\', 'n', 'x41', 'u{41}', 'u{', 'x4', '"', '\n', '\t', '\u202E', '\uD800'),
      fc.constantFrom('\u200D', '\uFE0F', '👩', '🏽', '1', '\u20E3', '\u0301', '\u{E0041}', '\xA0'),
      codeUnits,
    ),
  )
  .map((parts) => parts.join(''));

const FORBIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

describe('escapeText', () => {
  test.each([
    ['plain', 'ada@example.com', 'ada@example.com'],
    ['newline', 'a\nb', String.raw`a\nb`],
    ['tab and return', '\t\r', String.raw`\t\r`],
    ['escape', '\x1B[31m', String.raw`\x1B[31m`],
    ['delete', '\x7F', String.raw`\x7F`],
    ['C1', '\x9B', String.raw`\x9B`],
    ['line separator', '\u2028', String.raw`\u{2028}`],
    ['bidi override', '\u202E', String.raw`\u{202E}`],
    ['tag', '\u{E0041}', String.raw`\u{E0041}`],
    ['lone surrogate', '\uD83D', String.raw`\u{D83D}`],
    ['zero width space', '\u200B', String.raw`\u{200B}`],
    ['joiner outside emoji', 'a\u200Db', String.raw`a\u{200D}b`],
    ['joiner inside emoji', '👩‍🚀', '👩‍🚀'],
    ['keycap', '1️⃣', '1️⃣'],
    ['variation selector on a letter', 'a\uFE0F', String.raw`a\u{FE0F}`],
    ['accent', 'e\u0301', 'e\u0301'],
    ['accent on nothing', '\u0301e', String.raw`\u{301}e`],
    ['a tower of accents', `e${'\u0301'.repeat(5)}`, `e${String.raw`\u{301}`.repeat(5)}`],
    ['backslash that cannot mislead', String.raw`DOMAIN\ada`, String.raw`DOMAIN\ada`],
    ['backslash that could', String.raw`C:\new`, String.raw`C:\\new`],
    ['backslash before an escape', '\\\n', String.raw`\\\n`],
    ['backslash at the end', 'a\\', String.raw`a\\`],
    ['unfinished escape', String.raw`\u \x4 \xG0`, String.raw`\u \x4 \xG0`],
  ])('%s', (_name, text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  test('row 45: leaves no control, bidi, invisible or unpaired code unit', () => {
    for (const text of NAUGHTY) expect(escapeText(text)).not.toMatch(FORBIDDEN);
    fc.assert(
      fc.property(nasty, (text) => !FORBIDDEN.test(escapeText(text))),
      { seed: 45, numRuns: 2000 },
    );
  });

  test('row 80: two different texts never come out alike', () => {
    for (const text of NAUGHTY) expect(unescape(escapeText(text))).toBe(text);
    fc.assert(
      fc.property(nasty, (text) => unescape(escapeText(text)) === text),
      { seed: 80, numRuns: 5000 },
    );
  });

  test('row 80: composed and decomposed, upper and lower case stay what they are', () => {
    const texts = ['caf\u00E9', 'cafe\u0301', 'CAF\u00C9', 'c\u0430f\u00E9'];
    expect(texts.map(escapeText)).toEqual(texts);
  });
});

describe('escapeJsonText', () => {
  test('row 47: changes the text and not the value', () => {
    for (const text of NAUGHTY) {
      const json = escapeJsonText(JSON.stringify(text));
      expect(JSON.parse(json)).toBe(text);
      expect(json).not.toMatch(FORBIDDEN);
    }
    fc.assert(
      fc.property(nasty, (text) => JSON.parse(escapeJsonText(JSON.stringify(text))) === text),
      { seed: 47, numRuns: 2000 },
    );
  });

  test('writes what JSON allows raw as \\uXXXX', () => {
    expect(escapeJsonText('"\u2028\x7F\u{E0041}"')).toBe(String.raw`"\u2028\u007f\udb40\udc41"`);
  });
});

describe('escapeCsv', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    [' =1', "' =1"],
    ["'=1", "''=1"],
    ['\t=1', String.raw`\t=1`],
    ['\r=1', String.raw`\r=1`],
    ["O'Brien", "O'Brien"],
    ["'quoted'", "'quoted'"],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['a\nb', String.raw`a\nb`],
  ])('row 48: %j becomes %j', (text, cell) => {
    expect(escapeCsv(text)).toBe(cell);
  });

  test('row 48: no cell starts with what a spreadsheet runs', () => {
    for (const text of NAUGHTY) expect(escapeCsv(text)).not.toMatch(/^"?\s*[=+\-@\t\r]/);
  });

  test('raw keeps the text, but for what UTF-8 cannot hold', () => {
    expect(escapeCsv('=1\n"', 'raw')).toBe('"=1\n"""');
    expect(escapeCsv('\x1B', 'raw')).toBe('\x1B');
    expect(escapeCsv('a\uD800', 'raw')).toBe(String.raw`a\u{D800}`);
  });
});

describe('escapeMarkdown', () => {
  test('row 50: pipes, backticks and backslashes become character references', () => {
    expect(escapeMarkdown('a|b')).toBe('<code>a&#124;b</code>');
    expect(escapeMarkdown('`')).toBe('<code>&#96;</code>');
    expect(escapeMarkdown('\n')).toBe('<code>&#92;n</code>');
  });

  test('row 50: everything else is a code span', () => {
    expect(escapeMarkdown('<b>@team **x** https://e.example')).toBe(
      '`<b>@team **x** https://e.example`',
    );
    expect(escapeMarkdown('')).toBe('');
  });

  test('row 50: no text leaves its cell or its code', () => {
    for (const text of NAUGHTY.filter((one) => one !== '')) {
      const cell = escapeMarkdown(text);
      expect(cell).toMatch(/^(?:`[^`|\\\n]+`|<code>(?:[A-Za-z0-9]|&#\d+;|\P{ASCII})+<\/code>)$/u);
    }
  });
});
