import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const vectors =
  process.env['AUTHLOG_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors');
const list = join(vectors, 'blns/blns.json');

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const readList = (): string[] => {
  if (!existsSync(list)) {
    process.stderr.write(`skipped: the big list of naughty strings is not at ${list}\n`);
    return [];
  }
  const strings: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!isStrings(strings)) throw new Error(`${list} is not an array of strings`);
  return strings;
};

/** Our own hostile strings: what a user id, a path or a kid may hold when someone means harm. */
export const OWN_NAUGHTY: readonly string[] = [
  '\x1B[2J\x1B[31mred\x1B[0m',
  '\x1B]8;;https://evil.example\x07click\x1B]8;;\x07',
  '\x1B]52;c;cm0gLXJmIC8=\x07',
  '\x9B31mC1 CSI\x9C',
  '\x1BPq#0;2;0;0;0\x1B\\',
  'a\n| admin | 999',
  'a\r\nroot  1  1',
  'over\rwrite',
  'back\b\b\bspace',
  'nul\0byte',
  '\x7F\x80\x85\x9F',
  'line\u2028sep\u2029par',
  'txt.\u202Egpj.exe\u202C',
  '\u2066isolate\u2069\u200E\u200F\u061C',
  'zero\u200Bwidth\u2060joiner\uFEFF\u200C\u200D',
  'hidden\u{E0041}\u{E0042}\u{E007F}tags',
  'lone\uD800high',
  'lone\uDC00low',
  'nbsp\xA0x',
  'soft\xADhyphen\u{3164}\u{115F}filler',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!',
  '\u0301leading mark',
  '👩‍👩‍👧‍👦👨🏽‍🚀🇩🇪1️⃣',
  '🇩🇪🇫🇷🇯🇵🇦🇧🇨',
  '田中太郎'.repeat(40),
  'x'.repeat(5000),
  `e${'\u0301'.repeat(4000)}`,
  'C:\\new\\x41\\u{41}',
  'trailing\\',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  '+1',
  '-1',
  '\t=1+1',
  '\r=1+1',
  "'=1",
  'a,b;"c"',
  ' leading and trailing ',
  '|`<b>*_[x](javascript:alert(1))',
  '``` ``',
  '\\|',
  '</script><img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  '',
];

export const NAUGHTY: readonly string[] = [...OWN_NAUGHTY, ...readList()];
