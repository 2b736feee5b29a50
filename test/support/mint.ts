import { createHmac } from 'node:crypto';

/** Long enough for HS512 (RFC 7518 section 3.2), so that no remark on weakness gets into a test. */
export const SECRET: string =
  'a-secret-of-the-tests-that-nobody-uses-anywhere-else-0123456789abcdef';

/** What `runCli` and `spawnCli` need to verify what `mint` made. */
export const KEY_ENV: Readonly<Record<string, string>> = { AUTHLOG_SECRET: SECRET };

export interface MintOptions {
  readonly secret?: string | Uint8Array;
  /** Members beside, or instead of, `alg` HS256 and `typ`. */
  readonly header?: Readonly<Record<string, unknown>>;
}

const HASHES: ReadonlyMap<unknown, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

const base64url = (part: unknown): string => {
  const bytes =
    part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString('base64url');
};

/**
 * A compact JWS (RFC 7515 section 7.1). Claims are an object, or text or bytes to be taken as they
 * are; with an `alg` that is no HMAC the signature is empty.
 */
export const mint = (
  claims: Readonly<Record<string, unknown>> | string | Uint8Array,
  { secret = SECRET, header = {} }: MintOptions = {},
): string => {
  const whole = { alg: 'HS256', typ: 'JWT', ...header };
  const input = `${base64url(whole)}.${base64url(claims)}`;
  const hash = HASHES.get(whole.alg);
  if (hash === undefined) return `${input}.`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
};

/** A line as Python's `logging` writes it: `2023-09-22 10:00:00,123 - Token: …`, with its newline. */
export const line = (time: string, token: string): string => `${time} - Token: ${token}\n`;
