import type { KeyNotice, VerificationKey } from './key.ts';

/** A key that was read but not yet admitted: ids are given once all keys are known. */
export type CandidateKey = Omit<VerificationKey, 'id'>;

export interface Candidate {
  readonly key: CandidateKey;
  /** What messages call it, already escaped: `keys.json`, `key "a" of keys.json`. */
  readonly name: string;
}

/**
 * What reading one key gave. `unusable` goes on from the key's name: `is a DSA key, which …`;
 * `exposed` says that it is a private key, which stops the run wherever it is found.
 */
export type Reading =
  | { readonly key: CandidateKey }
  | { readonly unusable: string }
  | { readonly exposed: true };

export interface KeysRead {
  readonly candidates: readonly Candidate[];
  readonly notices: readonly KeyNotice[];
}

/** The notice about a key that was given but takes no part. */
export const unusedNotice = (name: string, why: string): KeyNotice => ({
  code: 'key_unused',
  message: `${name} ${why}; it is not used`,
});
