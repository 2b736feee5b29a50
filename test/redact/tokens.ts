import { createHmac } from 'node:crypto';
import type { Random } from '../oracle/random.ts';
import { hmac, mint, SECRET, segment, NOW_S } from '../support/tokens.ts';

/** A token, and what of it nobody may see again. */
export interface Sample {
  readonly token: string;
  readonly secrets: readonly string[];
}

const signed = (header: string, payload: string): Sample => {
  const input = `${segment(header)}.${segment(payload)}`;
  const signature = hmac('HS256', input);
  return { token: `${input}.${signature}`, secrets: [signature] };
};

const payloadOf = (random: Random, more: object = {}): object => ({
  user_id: 10_000 + random.below(50),
  email: `user${random.below(50)}@example.com`,
  exp: NOW_S + random.below(10_000),
  jti: String(random.below(1e9)),
  ...more,
});

const bytes = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.below(256)));

const jwe = (random: Random, key: string): Sample => {
  const header = segment({ alg: key === '' ? 'dir' : 'RSA-OAEP', enc: 'A256GCM' });
  const text = bytes(random, 60 + random.below(60)).toString('base64url');
  const tag = bytes(random, 16).toString('base64url');
  const iv = bytes(random, 12).toString('base64url');
  return { token: `${header}.${key}.${iv}.${text}.${tag}`, secrets: [text, tag] };
};

const detached = (random: Random): Sample => {
  const { token, secrets } = signed('{"alg":"HS256"}', JSON.stringify(payloadOf(random)));
  return { token: token.replace(/\..*\./, '..'), secrets };
};

const nested = (random: Random): Sample => {
  const inner = mint(payloadOf(random));
  const outer = mint(payloadOf(random, { inner: random.once(2) ? inner : { deep: [inner] } }));
  return { token: outer, secrets: [inner, outer].map((token) => token.split('.')[2]!) };
};

const inToken = (random: Random): Sample => {
  const inner = mint(payloadOf(random));
  const outer = mint(inner, { header: { cty: 'JWT' } });
  return { token: outer, secrets: [inner, outer].map((token) => token.split('.')[2]!) };
};

const unsecured = (random: Random): Sample => ({
  token: `${segment({ alg: 'none' })}.${segment(payloadOf(random))}.`,
  secrets: [],
});

const long = (random: Random): Sample => {
  const input = `${segment({ alg: 'RS256', kid: 'a' })}.${segment(payloadOf(random))}`;
  const signature = createHmac('sha512', SECRET).update(input).digest();
  const whole = Buffer.concat([signature, signature.map((b) => b ^ 85), signature, signature]);
  return {
    token: `${input}.${whole.toString('base64url')}`,
    secrets: [whole.toString('base64url')],
  };
};

/** Headers as they may be spelled; `jose` takes each of them. */
const HEADERS: readonly string[] = [
  '{"alg":"HS256","typ":"JWT"}',
  '{"typ":"JWT","alg":"HS256"}',
  '{ "alg" : "HS256" }',
  '{\n  "alg": "HS256"\n}',
  '{\r\n"alg":"HS256"}',
  '{\t"alg":"HS256"}',
  ' {"alg":"HS256"}',
  '\n\n{"alg":"HS256"}',
  '{"kid":"a/b?c","alg":"HS256"}',
  '{"\\u0061lg":"HS256"}',
];

type Maker = (random: Random) => Sample;
const MAKERS: readonly Maker[] = [
  ...HEADERS.map(
    (header): Maker =>
      (random) =>
        signed(header, JSON.stringify(payloadOf(random))),
  ),
  (random) => signed(HEADERS[0]!, ` ${JSON.stringify(payloadOf(random))}`),
  (random) => signed(HEADERS[0]!, '{}'.padEnd(2 + random.below(9))),
  (random) => jwe(random, ''),
  (random) => jwe(random, bytes(random, 96).toString('base64url')),
  detached,
  nested,
  inToken,
  unsecured,
  long,
];

export const sampleOf = (random: Random): Sample => random.pick(MAKERS)(random);
