import { segment } from '../support/tokens.ts';
import type { Random } from '../oracle/random.ts';

/** A way in which a token may stand in a line. */
export interface Disguise {
  readonly name: string;
  readonly write: (token: string, random: Random) => string;
}

const each = (text: string, change: (character: string) => string): string =>
  [...text].map(change).join('');
const hex = (character: string, digits = 2): string =>
  character.charCodeAt(0).toString(16).padStart(digits, '0');
const percent = (text: string): string => each(text, (c) => `%${hex(c).toUpperCase()}`);
const dots = (token: string, dot: string): string => token.replaceAll('.', dot);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrapped = (token: string, size: number, glue: string): string =>
  token.match(new RegExp(`.{1,${size}}`, 'g'))!.join(glue);
const parts = (token: string): readonly string[] => token.split('.');
const standard = (token: string): string => {
  const [header, payload, signature = ''] = parts(token);
  return `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`;
};

/** Spellings of one token inside of a word. */
export const SPELLINGS: readonly Disguise[] = [
  { name: 'as it is', write: (token) => token },
  { name: 'dots as %2E', write: (token) => dots(token, '%2E') },
  { name: 'dots as %2e', write: (token) => dots(token, '%2e') },
  { name: 'one dot as %2E', write: (token) => token.replace('.', '%2E') },
  { name: 'the last dot as %2E', write: (token) => token.replace(/\.(?=[^.]*$)/, '%2E') },
  { name: 'every character as %XX', write: percent },
  { name: 'dots as %252E', write: (token) => dots(token, '%252E') },
  { name: 'percent three times', write: (token) => dots(token, '%25252e') },
  { name: 'every character as %25XX', write: (token) => percent(token).replaceAll('%', '%25') },
  { name: 'dots as \\u002e', write: (token) => dots(token, '\\u002e') },
  { name: 'first letter as \\u0065', write: (token) => `\\u${hex(token[0]!, 4)}${token.slice(1)}` },
  { name: 'every character as \\uXXXX', write: (token) => each(token, (c) => `\\u${hex(c, 4)}`) },
  { name: 'escapes of escapes', write: (token) => dots(token, '\\\\u002e') },
  { name: 'dots as \\x2e', write: (token) => dots(token, '\\x2e') },
  { name: 'dots as \\056', write: (token) => dots(token, '\\056') },
  { name: 'dots as %u002e', write: (token) => dots(token, '%u002e') },
  { name: 'dots as &#46;', write: (token) => dots(token, '&#46;') },
  { name: 'dots as &#x2e;', write: (token) => dots(token, '&#x2e;') },
  { name: 'dots as &period;', write: (token) => dots(token, '&period;') },
  {
    name: 'every character as &#NN;',
    write: (token) => each(token, (c) => `&#${c.charCodeAt(0)};`),
  },
  { name: 'dots as =2E', write: (token) => dots(token, '=2E') },
  {
    name: 'every second character as =XX',
    write: (token) =>
      [...token].map((c, i) => (i % 2 === 0 ? c : `=${hex(c).toUpperCase()}`)).join(''),
  },
  { name: 'split by \\n', write: (token) => wrapped(token, 64, '\\n') },
  { name: 'split by \\r\\n', write: (token) => wrapped(token, 76, '\\r\\n') },
  { name: 'split by \\\\n', write: (token) => wrapped(token, 60, '\\\\n') },
  { name: 'split by %0A', write: (token) => wrapped(token, 64, '%0A') },
  { name: 'with padding', write: (token) => dots(`${token}=`, '=.') },
  { name: 'with encoded padding', write: (token) => dots(`${token}=`, '%3D.') },
  { name: 'in the alphabet of plain base64', write: standard },
  { name: 'that, percent-encoded', write: (token) => encodeURIComponent(standard(token)) },
  { name: 'twice', write: (token) => token + token },
  { name: 'twice with a dot', write: (token) => `${token}.${token}` },
  { name: 'three times', write: (token) => token + token + token },
  { name: 'with a fourth part', write: (token) => `${token}.c29tZXRoaW5n` },
  { name: 'with a sixth part', write: (token) => `${token}.YQ.YWI.YWJj` },
  { name: 'behind other letters', write: (token) => `token_${token}` },
  { name: 'behind a host', write: (token) => `www.example.com.${token}` },
  { name: 'before other letters', write: (token) => `${token}_end` },
  { name: 'before a percent escape', write: (token) => `${token}%2E%20Next` },
  { name: 'before a mark', write: (token) => `${token}***` },
  { name: 'in a mark', write: (token) => token.replace(/\.([^.]*)$/, '.[$1 redacted]') },
  { name: 'in base64', write: base64 },
  { name: 'in base64url', write: (token) => segment(token) },
  { name: 'in base64 behind one character', write: (token) => base64(`=${token}`) },
  { name: 'in base64 behind two', write: (token) => base64(`==${token}`) },
  { name: 'as a header in base64', write: (token) => base64(`Authorization: Bearer ${token}`) },
  { name: 'as a password in base64', write: (token) => base64(`x-access-token:${token}`) },
  { name: 'as UTF-16', write: (token) => Buffer.from(token, 'utf16le').toString('latin1') },
  {
    name: 'as UTF-16, the other way',
    write: (token) => Buffer.from(token, 'utf16le').swap16().toString('latin1'),
  },
];

/** Lines around a word. */
export const LINES: readonly Disguise[] = [
  { name: 'label', write: (word) => `Token: ${word}` },
  { name: 'label and quotes', write: (word) => `Token: "${word}", accepted` },
  { name: 'bearer', write: (word) => `"GET /api HTTP/1.1" 200 5 "curl/8" "Bearer ${word}"` },
  { name: 'query', write: (word) => `"GET /api?a=%20b&access_token=${word}&x=1 HTTP/1.1" 200 5` },
  { name: 'path', write: (word) => `"GET /verify/${word}/next HTTP/1.1" 302 0` },
  { name: 'JSON', write: (word) => `{"level":30,"token":"${word}","status":200}` },
  { name: 'JSON in JSON', write: (word) => `{"log":"{\\"token\\":\\"${word}\\",\\"n\\":1}\\n"}` },
  {
    name: 'JSON in JSON in JSON',
    write: (word) => `{"a":"{\\"b\\":\\"{\\\\\\"t\\\\\\":\\\\\\"${word}\\\\\\"}\\"}"}`,
  },
  {
    name: 'text around',
    write: (word, random) => `${'x'.repeat(random.below(20))} got ${word}. And on`,
  },
  { name: 'brackets', write: (word) => `user=(${word}) [${word}] <${word}>` },
  { name: 'cookie', write: (word) => `Cookie: session=${word}; theme=dark` },
  { name: 'end of line', write: (word) => `saw ${word}` },
  { name: 'the whole line', write: (word) => word },
  { name: 'after a token that is cut', write: (word) => `eyJhbGciOiJIUzI1NiJ9.eyJzd ${word}` },
  { name: 'colours', write: (word) => `\u001b[32m${word}\u001b[0m` },
];
