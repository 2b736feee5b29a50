import { createHmac, createPrivateKey, sign as signWith } from 'node:crypto';
import type { SignKeyObjectInput } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ROOT } from './cli.ts';

/** Long enough for HS512, so that no remark on weak secrets gets in the way. */
export const SECRET = 'for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP';
/** The present of the tests, and the time of the lines that `lineOf` makes. */
export const NOW = '2023-09-22T10:00:00Z';
export const NOW_S: number = Date.parse(NOW) / 1000;
export const KEYS = `${ROOT}fixtures/keys`;

/** Text or bytes as they are, anything else as JSON. */
export type Part = string | Uint8Array | object;

/** One segment of a token. */
export const segment = (part: Part): string => {
  const isRaw = typeof part === 'string' || part instanceof Uint8Array;
  return Buffer.from(isRaw ? part : JSON.stringify(part)).toString('base64url');
};

export interface MintOptions {
  readonly alg?: string;
  /** Members beside `alg`, or the whole header as text. */
  readonly header?: Part;
  readonly secret?: string | Uint8Array;
}

const headerOf = (alg: string, header: Part): string =>
  segment(typeof header === 'string' || header instanceof Uint8Array ? header : { alg, ...header });

/** HMAC signature of `input`, base64url. */
export const hmac = (alg: string, input: string, secret: string | Uint8Array = SECRET): string =>
  createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url');

/** A token signed by HMAC; its payload may be anything. */
export const mint = (payload: Part, options: MintOptions = {}): string => {
  const { alg = 'HS256', header = {}, secret = SECRET } = options;
  const input = `${headerOf(alg, header)}.${segment(payload)}`;
  return `${input}.${hmac(alg, input, secret)}`;
};

/** Valid claims at `NOW` and the `more` of the test. */
export const claims = (more: object = {}): Record<string, unknown> => ({
  sub: 'ada',
  exp: NOW_S + 3600,
  ...more,
});

/** The signing input of a token that is not signed yet. */
export const inputOf = (payload: Part, header: Part): string =>
  `${segment(header)}.${segment(payload)}`;

const pem = (name: string): string => readFileSync(`${KEYS}/${name}.private.pem`, 'utf8');
const KEY_FILES: Readonly<Record<string, string>> = {
  RS: 'rsa',
  PS: 'rsa',
  ES: 'ec',
  Ed: 'ed25519',
};
const KIDS: Readonly<Record<string, string>> = {
  rsa: 'rsa-2023',
  ec: 'ec-2023',
  ed25519: 'ed-2023',
};

/** Signature of `input` by the fixture's key pair; `more` changes how it is made. */
export const rawSignature = (
  alg: string,
  input: string,
  more: Partial<SignKeyObjectInput> = {},
): Buffer => {
  const key = createPrivateKey(pem(KEY_FILES[alg.slice(0, 2)]!));
  const salt = alg.startsWith('PS') ? { padding: 6, saltLength: Number(alg.slice(2)) / 8 } : {};
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  return signWith(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363', ...salt, ...more });
};

/** A token signed by the fixture's key pair, with its `kid`; `jwks.json` verifies it. */
export const mintPublic = (alg: string, payload: Part, header: object = {}): string => {
  const kid = KIDS[KEY_FILES[alg.slice(0, 2)]!]!;
  const input = inputOf(payload, { alg, kid, ...header });
  return `${input}.${rawSignature(alg, input).toString('base64url')}`;
};

/** A log line as Python's `logging` writes it, at `NOW`. */
export const lineOf = (text: string): string => `2023-09-22 10:00:00,000 - ${text}`;

/** A log with one `Token: ` line for each token. */
export const logOf = (...tokens: readonly string[]): string =>
  tokens.map((token) => `${lineOf(`Token: ${token}`)}\n`).join('');
