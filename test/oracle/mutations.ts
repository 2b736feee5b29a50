import { segment } from '../support/tokens.ts';
import type { Random } from './random.ts';

/** Signs `input` (`header.payload`) by `alg`; base64url. */
export type Sign = (alg: string, input: string) => string;

interface Context {
  readonly random: Random;
  readonly sign: Sign;
  /** Algorithms that `sign` knows. */
  readonly algs: readonly string[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ODD = [
  ' ',
  '\t',
  '\n',
  '\r',
  '=',
  '==',
  '.',
  '..',
  '+',
  '/',
  '\0',
  'é',
  '\u2028',
  '😀',
  '\uFEFF',
  '%3D',
  '"',
  ',',
];

const USERS = ['ada', 'Bob', '김철수', '1', 1, 12345, null, '', {}, ['x'], 9007199254740991];
const TIMES = [0, -1, 1.5, 1_695_376_800, 1e15, 1e308, null, '1695376800', true, [], {}];

const HEADERS = [
  '{"alg":"ALG"}',
  '{"alg":"ALG","typ":"JWT"}',
  '{"typ":"JWT","alg":"ALG"}',
  '{ "alg" : "ALG" }',
  '{\n"alg":"ALG"}',
  '{\r\n "alg":"ALG"}',
  '{\t"alg":"ALG"}',
  '{"alg":"none","alg":"ALG"}',
  '{"alg":"ALG","alg":"none"}',
  String.raw`{"\u0061lg":"ALG"}`,
  '{"alg":"ALG","kid":"a"}',
  '{"alg":"ALG","kid":1}',
  '{"alg":"ALG","kid":null}',
  '{"alg":"ALG","b64":false}',
  '{"alg":"ALG","b64":true}',
  '{"alg":"ALG","b64":"x"}',
  '{"alg":"ALG","crit":[]}',
  '{"alg":"ALG","crit":["exp"],"exp":1}',
  '{"alg":"ALG","zip":"DEF"}',
  '{"alg":"ALG","jwk":{"kty":"oct","k":"AA"}}',
  '{"alg":["ALG"]}',
  '{"alg":null}',
  '{"Alg":"ALG"}',
  '{}',
  '["ALG"]',
  '"ALG"',
  'null',
  '',
  '{"alg":"ALG"',
  '{"alg":"ALG"} ',
  '\uFEFF{"alg":"ALG"}',
  '{"alg":"ALG","x":"é"}',
  '{"alg":"ALG",}',
];

const PAYLOADS: readonly (string | Uint8Array)[] = [
  '{}',
  '{"sub":"ada","exp":1e400}',
  '{"sub":"ada","exp":-1e400}',
  '{"sub":"ada","nbf":1e999}',
  '{"sub":"ada","exp":123456789012345678901234567890}',
  '{"sub":"ada","exp":0.1e1}',
  '{"sub":"ada","sub":"bob"}',
  '{"__proto__":{"exp":"x"}}',
  String.raw`{"sub":"\ud800"}`,
  '{"sub":"\u2028"}',
  ' {"sub":"ada"}\n',
  '{"sub":"ada"}x',
  '{"sub":01}',
  '{sub:1}',
  "{'sub':1}",
  '[1]',
  '"ada"',
  '1',
  'null',
  'true',
  '',
  ' ',
  '\uFEFF{"sub":"ada"}',
  Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  `{"a":${'['.repeat(400)}${']'.repeat(400)}}`,
  `{"long":"${'x'.repeat(3000)}"}`,
];

/** A well-formed claims set. */
export const randomClaims = ({ below, pick, once }: Random): string => {
  const claims: Record<string, unknown> = { sub: pick(USERS), n: below(1e9) };
  for (const name of ['exp', 'nbf', 'iat']) {
    if (once(2)) claims[name] = once(6) ? pick(TIMES) : 1_690_000_000 + below(10_000_000);
  }
  if (once(3)) claims['pad'] = 'p'.repeat(below(120));
  return JSON.stringify(claims);
};

const makeToken = (
  { sign }: Context,
  alg: string,
  header: string,
  payload: string | Uint8Array,
): string => {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${sign(alg, input)}`;
};

const splice = (text: string, at: number, remove: number, insert: string): string =>
  text.slice(0, at) + insert + text.slice(at + remove);

/** Mutations of the finished text: no signature is made anew. */
const TEXTUAL: readonly ((token: string, context: Context) => string)[] = [
  (token, { random }) => {
    const at = random.below(token.length);
    const flipped = token.charCodeAt(at) ^ (1 << random.below(7));
    return splice(token, at, 1, String.fromCharCode(flipped));
  },
  (token, { random }) => splice(token, random.below(token.length), 1, random.pick([...ALPHABET])),
  (token, { random }) => {
    const at = random.below(token.length - 1);
    return splice(token, at, 2, token[at + 1]! + token[at]!);
  },
  (token, { random }) => token.slice(0, random.below(token.length)),
  (token, { random }) => token.slice(random.below(20)),
  (token, { random }) => splice(token, random.below(token.length), 1 + random.below(8), ''),
  (token, { random }) => splice(token, random.below(token.length + 1), 0, random.pick(ODD)),
  (token, { random }) => token + random.pick([...ODD, '.e30', '.a.b', 'A', '***', '...']),
  (token, { random }) => random.pick([...ODD, 'Bearer ', 'A', 'ey', '_']) + token,
  (token, { random }) => {
    const parts = token.split('.');
    const [from, to] = [random.below(parts.length), random.below(parts.length)];
    [parts[from], parts[to]] = [parts[to]!, parts[from]!];
    return parts.join('.');
  },
  (token, { random }) => {
    // Another spelling of the same bytes.
    const parts = token.split('.');
    const which = random.below(parts.length);
    const part = parts[which]!;
    const last = ALPHABET.indexOf(part.at(-1) ?? 'A');
    parts[which] = part.slice(0, -1) + ALPHABET[last ^ (1 + random.below(3))]!;
    return parts.join('.');
  },
  (token, { random }) => {
    const parts = token.split('.');
    const which = random.below(parts.length);
    parts[which] += '='.repeat(-parts[which]!.length & 3);
    return parts.join('.');
  },
  (token) => token.replaceAll('-', '+').replaceAll('_', '/'),
  (token) => token.toUpperCase(),
  (token) => token.slice(0, token.lastIndexOf('.') + 1),
  (token) => {
    const [header, payload, signature] = token.split('.');
    return `${header}.${payload}.${signature}${signature}`;
  },
];

/** Mutations that are signed anew: only the shape or the contents are wrong. */
const SIGNED: readonly ((alg: string, context: Context) => string)[] = [
  (alg, context) => {
    const header = context.random.pick(HEADERS).replace('ALG', alg);
    return makeToken(context, alg, header, randomClaims(context.random));
  },
  (alg, context) => makeToken(context, alg, `{"alg":"${alg}"}`, context.random.pick(PAYLOADS)),
  (alg, context) => {
    // The header says one algorithm, another one signed.
    const { random, algs } = context;
    const said = random.pick([
      ...algs,
      'none',
      'None',
      'HS1',
      'hs256',
      'RS256',
      'ES256K',
      '',
      'dir',
    ]);
    return makeToken(context, alg, `{"alg":"${said}"}`, randomClaims(random));
  },
  (alg, context) => {
    const { random, sign } = context;
    const spoil = (part: string): string => {
      const last = ALPHABET.indexOf(part.at(-1)!);
      const spellings = [
        part + '='.repeat(-part.length & 3),
        part.slice(0, -1) + ALPHABET[last ^ 1]!,
        splice(part, random.below(part.length), 0, random.pick([' ', '\n', '=', '\t'])),
        part,
      ];
      return random.pick(spellings);
    };
    const input = `${spoil(segment(`{"alg":"${alg}"}`))}.${spoil(segment(randomClaims(random)))}`;
    return `${input}.${sign(alg, input)}`;
  },
];

/** A token of `alg`, mutated or (one in six) as it should be. */
export const randomToken = (alg: string, context: Context): string => {
  const { random } = context;
  if (random.once(4)) return random.pick(SIGNED)(alg, context);
  let token = makeToken(context, alg, `{"alg":"${alg}"}`, randomClaims(random));
  if (random.once(6)) return token;
  do token = random.pick(TEXTUAL)(token, context);
  while (random.once(5) && token.length > 2);
  return token;
};
