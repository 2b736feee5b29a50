import { AuthlogError } from '../errors.ts';
import { unusedNotice } from './candidate.ts';
import type { Candidate, KeysRead, Reading } from './candidate.ts';
import type { KeyNotice } from './key.ts';

export interface Entry {
  /** What messages call the key, escaped. */
  readonly name: string;
  readonly reading: Reading;
}

const USABLE =
  'usable are RSA keys of 2048 bits or more, EC keys on P-256, P-384 or P-521, Ed25519 keys and secrets';

/** The error for a private key where a public one belongs; `hint` says how to get the public half. */
export const privateKeyError = (name: string, hint: string): AuthlogError =>
  new AuthlogError('KEY', `${name} is a private key; pass its public half`, hint);

/**
 * Sorts what one source held into keys and notices. Throws KEY when nothing in it can be used;
 * one bad key beside good ones is only a notice, so that one odd entry does not stop the others.
 */
export const admit = (source: string, entries: readonly Entry[], hint: string): KeysRead => {
  const candidates: Candidate[] = [];
  const notices: KeyNotice[] = [];
  let firstReason: string | null = null;
  for (const { name, reading } of entries) {
    if ('key' in reading) {
      candidates.push({ name, key: reading.key });
      continue;
    }
    const reason = 'unusable' in reading ? reading.unusable : 'is a private key';
    firstReason ??= `${name} ${reason}`;
    notices.push(unusedNotice(name, reason));
  }
  if (candidates.length > 0) return { candidates, notices };
  if (firstReason === null) throw new AuthlogError('KEY', `${source} holds no key`, hint);
  if (entries.length === 1) throw new AuthlogError('KEY', firstReason, USABLE);
  throw new AuthlogError(
    'KEY',
    `no key in ${source} can verify a token`,
    `the first: ${firstReason}`,
  );
};
