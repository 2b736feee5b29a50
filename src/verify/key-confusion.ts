import { createPublicKey } from 'node:crypto';
import type { KeyRing, VerificationKey } from '../keys/key.ts';
import { TRIED_AT_MOST } from '../keys/select.ts';
import { hmacSize, isHmac, verifyHmac } from './hmac.ts';

/** The forms in which programs keep a public key, and so may take it for a shared secret. */
const formsOf = ({ id, kid, jwk }: VerificationKey): readonly VerificationKey[] => {
  const key = createPublicKey({ key: jwk!, format: 'jwk' });
  const pems = [key.export({ type: 'spki', format: 'pem' }) as string];
  if (key.asymmetricKeyType === 'rsa') {
    pems.push(key.export({ type: 'pkcs1', format: 'pem' }) as string);
  }
  const texts = pems.flatMap((pem) => [pem, pem.trimEnd()]);
  const secrets = [
    ...texts.map((text) => Buffer.from(text)),
    key.export({ type: 'spki', format: 'der' }),
  ];
  const algs = ['HS256', 'HS384', 'HS512'];
  const other = { jwk: null, notBefore: null, notAfter: null };
  return secrets.map((secret) => ({ id, kid, kty: 'oct', algs, secret, ...other }));
};

/**
 * Whether an HMAC token was signed with the bytes of a public key of the ring: the algorithm confusion of
 * RFC 8725 section 2.1. Such a token is never valid; this only says what it tries.
 */
export class KeyConfusion {
  readonly #ring: KeyRing;
  #forms: readonly VerificationKey[] | null = null;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  isTried(
    alg: string,
    bytes: Uint8Array,
    start: number,
    inputEnd: number,
    signature: Uint8Array,
    size: number,
  ): boolean {
    if (!isHmac(alg) || size !== hmacSize(alg)) return false;
    const publicKeys = this.#ring.keys.filter(({ jwk }) => jwk !== null);
    this.#forms ??= publicKeys.slice(0, TRIED_AT_MOST).flatMap(formsOf);
    return this.#forms.some((form) =>
      verifyHmac(alg, form, bytes, start, inputEnd, signature, size),
    );
  }
}
