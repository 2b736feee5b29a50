import { createHmac } from 'node:crypto';
import type { Random } from '../oracle/random.ts';
import { randomToken } from '../oracle/mutations.ts';
import { SECRET } from '../support/tokens.ts';
import { randomPayload } from './random-claims.ts';

export const OTHER_SECRET = 'another-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJK';
const ALGS = ['HS256', 'HS384', 'HS512'];

const HEADERS = [
  '{"alg":"ALG"}',
  '{"alg":"ALG"}',
  '{"alg":"ALG"}',
  '{"alg":"ALG","typ":"JWT"}',
  '{"typ":"JWT","alg":"ALG"}',
  '{ "alg": "ALG" }',
  '{\n"alg":"ALG"}',
  '{\t"alg":"ALG"}',
  '{"alg":"ALG","kid":"first"}',
  '{"alg":"ALG","kid":"second"}',
  '{"alg":"ALG","kid":"nobody"}',
  '{"alg":"ALG","kid":7}',
  '{"alg":"none","alg":"ALG"}',
  '{"alg":"ALG","alg":"none"}',
  '{"alg":"ALG","crit":["exp"]}',
  '{"alg":"ALG","b64":false}',
  '{"alg":"ALG","b64":true}',
  '{"alg":"ALG","jwk":{"kty":"oct","k":"AA"}}',
  '{"alg":"ALG","enc":"A128GCM"}',
  '{"alg":"ALG","x":"é"}',
  '{"alg":"RS256"}',
  '{"alg":"none"}',
  '{"alg":"hs256"}',
  '{"alg":"HS1"}',
  '{"kid":"x"}',
  '{"alg":"ALG"',
];

const encoded = (text: string, encoding: 'utf8' | 'latin1'): string =>
  Buffer.from(text, encoding).toString('base64url');

const sign = (alg: string, input: string, secret: string): string =>
  createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url');

export interface TokenOptions {
  /** Keeps the number of different headers small, as in honest logs. */
  readonly headers?: readonly string[];
  /** One in so many is mutated. */
  readonly mutated: number;
  /** Signs in place of HMAC, some of the time with a key that nobody knows. */
  readonly signer?: Signer;
}

export interface Signer {
  readonly algs: readonly string[];
  readonly sign: (alg: string, input: string, isForged: boolean) => string;
}

const HMAC: Signer = {
  algs: ALGS,
  sign: (alg, input, isForged) => sign(alg, input, isForged ? OTHER_SECRET : SECRET),
};

/** Makes tokens of which many repeat, whole or in part. */
export class TokenSource {
  readonly #random: Random;
  readonly #options: TokenOptions;
  readonly #signer: Signer;
  readonly #recent: string[] = [];

  constructor(random: Random, options: TokenOptions) {
    this.#random = random;
    this.#options = options;
    this.#signer = options.signer ?? HMAC;
  }

  next(): string {
    const { once, below, pick } = this.#random;
    if (this.#recent.length > 20 && once(4)) {
      const one = pick(this.#recent);
      return once(8) ? this.#crossed(one, pick(this.#recent)) : one;
    }
    const token = once(this.#options.mutated) ? this.#mutated() : this.#honest();
    if (this.#recent.length < 3000) this.#recent.push(token);
    else this.#recent[below(3000)] = token;
    return token;
  }

  /** Parts of two tokens: the claims of one, the signature of the other. */
  #crossed(a: string, b: string): string {
    const [x, y] = [a.split('.'), b.split('.')];
    const which = this.#random.below(3);
    x[which] = y[which] ?? '';
    return x.join('.');
  }

  #honest(): string {
    const { pick, once } = this.#random;
    const { algs } = this.#signer;
    const alg = once(3) ? pick(algs) : algs[0]!;
    const header = pick(this.#options.headers ?? HEADERS).replace('ALG', alg);
    const payload = encoded(randomPayload(this.#random), 'latin1');
    const input = `${encoded(header, 'utf8')}.${payload}`;
    return `${input}.${this.#signer.sign(alg, input, once(7))}`;
  }

  #mutated(): string {
    const random = this.#random;
    if (random.once(2)) return altered(this.#honest(), random);
    const context = {
      random,
      sign: (alg: string, input: string) => this.#signer.sign(alg, input, false),
      algs: this.#signer.algs,
    };
    return randomToken(random.pick(this.#signer.algs), context);
  }
}

const MARKS = ['***', '****', '[REDACTED]', '...', '…', 'xxxx', 'REDACTED', '<masked>', '.', '..'];
const STRANGE = [...' \t\r=+/.%"\'\\,;:[](){}<>*~_-e', '\0', '\x7f', 'é', '%3D', '\\u003d', '…'];

/** Changes that leave most of a token as it is; no signature is made anew. */
const altered = (token: string, { below, pick, once }: Random): string => {
  const parts = token.split('.');
  const which = below(parts.length);
  const part = parts[which]!;
  const at = below(token.length + 1);
  switch (below(9)) {
    case 0:
      return token.slice(0, at) + pick(STRANGE) + token.slice(at + below(2));
    case 1:
      return token.slice(0, at) + token.slice(Math.max(0, at - below(5)));
    case 2:
      parts[which] = pick(MARKS);
      return parts.join('.');
    case 3:
      parts[2] = (parts[2] ?? '').slice(0, below(44)) + pick(MARKS);
      return parts.join('.');
    case 4:
      return once(2)
        ? parts.slice(0, 2).join('.')
        : [...parts, part, part].slice(0, 4 + below(2)).join('.');
    case 5:
      parts[which] = part + '='.repeat(1 + below(2));
      return parts.join('.');
    case 6:
      parts[which] = part + pick(['A', 'AA', 'AAA', '_', '-', 'eyJ']);
      return parts.join('.');
    case 7:
      parts[which] = part.slice(0, -1 - below(3));
      return parts.join('.');
    default:
      return (
        pick(['eyJ', 'ey', 'ewo', 'eyI.', 'x', '_', '-', '%3D', '\\u003d', '\x1b[31m', '=']) + token
      );
  }
};
