import type { JsonWebKey } from 'node:crypto';

/** Key types that can verify a JWS (RFC 7518 section 6, RFC 8037). */
export type KeyType = 'oct' | 'RSA' | 'EC' | 'OKP';

/** One key that may verify tokens: plain data, so that it can be handed to a worker thread. */
export interface VerificationKey {
  /** Shown in reports: the `kid`, else `secret`, `secret-2` …, else the RFC 7638 thumbprint. Never derived from a secret. */
  readonly id: string;
  readonly kid: string | null;
  readonly kty: KeyType;
  /** Algorithms that this key may verify, from its type and its own `alg` (RFC 8725 section 3.1), never from a token. */
  readonly algs: readonly string[];
  /** The bytes of an `oct` key, null for the others. */
  readonly secret: Uint8Array | null;
  /** The public key, null for `oct`. */
  readonly jwk: JsonWebKey | null;
  /** Seconds since the epoch between which the key was in use; null for no bound. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

/** A remark on a key that does not stop the run (weak secret, readable by others …). */
export interface KeyNotice {
  readonly code: string;
  readonly message: string;
}

export interface KeyRing {
  readonly keys: readonly VerificationKey[];
  readonly notices: readonly KeyNotice[];
}
