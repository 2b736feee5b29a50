/** A compact JWS that a strict reader takes apart; nothing is said of its signature. */
export interface StrictToken {
  readonly alg: string;
  readonly input: string;
  readonly signature: Buffer;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const parseObject = (text: string): Record<string, unknown> | null => {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return null;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    return value as Record<string, unknown>;
  } catch {
    return null;
  }
};

const isAbsentOr = (object: object, name: string, test: (value: unknown) => boolean): boolean =>
  !Object.hasOwn(object, name) || test((object as Record<string, unknown>)[name]);

/**
 * Takes a token apart as RFC 7515, 7519 and 8725 ask for, in the plainest way there is; null where
 * a strict verifier must refuse it whatever its signature.
 */
export const readStrictly = (bytes: Buffer): StrictToken | null => {
  const text = bytes.toString('latin1');
  const parts = text.split('.');
  if (parts.length !== 3) return null;
  const [head, body, tail] = parts as [string, string, string];
  const header = parseObject(head);
  const claims = parseObject(body);
  if (header === null || claims === null || !/^[A-Za-z0-9_-]+$/.test(tail)) return null;
  const signature = Buffer.from(tail, 'base64url');
  if (signature.toString('base64url') !== tail) return null;
  const { alg } = header;
  if (!Object.hasOwn(header, 'alg') || typeof alg !== 'string') return null;
  if (!isAbsentOr(header, 'b64', (value) => value === true)) return null;
  if (!isAbsentOr(header, 'crit', () => false)) return null;
  if (!isAbsentOr(header, 'kid', (value) => typeof value === 'string')) return null;
  for (const date of ['exp', 'nbf', 'iat']) {
    if (!isAbsentOr(claims, date, (value) => Number.isFinite(value))) return null;
  }
  return { alg, input: `${head}.${body}`, signature };
};
