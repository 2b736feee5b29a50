import type { AuthEvent } from '../event/event.ts';
import { AuthlogError } from '../errors.ts';
import { nodeKeyIo } from '../keys/io.ts';
import { printable } from '../keys/printable.ts';
import { readSecret } from '../keys/sources.ts';
import type { Notice } from '../summarize/summary.ts';
import type { Host } from './host.ts';

export interface PseudonymKey {
  readonly key: Uint8Array;
  readonly notices: readonly Notice[];
}

/** What `--pseudonym-key` asks for. */
export interface Pseudonymizer {
  /** Null where no pseudonyms are wanted. */
  readonly change: ((event: AuthEvent) => AuthEvent) | null;
  readonly notices: readonly Notice[];
}

/** What puts pseudonyms in place, by the key in a file. Throws KEY. */
export const pseudonymizerOf = async (
  path: string | undefined,
  host: Host,
): Promise<Pseudonymizer> => {
  if (path === undefined) return { change: null, notices: [] };
  const { key, notices } = await readPseudonymKey(path, host);
  const { createPseudonymizer } = await import('../event/pseudonym.ts');
  return { change: createPseudonymizer(key), notices };
};

/** 128 bits: with a shorter key whoever has one pair of name and pseudonym could try all keys. */
const LEAST_BYTES = 16;

/** The key that `--pseudonym-key` names, read as a secret file is. Throws KEY. */
export const readPseudonymKey = async (path: string, host: Host): Promise<PseudonymKey> => {
  const { secret, notices } = await readSecret(path, nodeKeyIo(host.env, 0));
  if (secret.length < LEAST_BYTES) {
    throw new AuthlogError(
      'KEY',
      `the key in ${printable(path)} is ${secret.length * 8} bits long and can be guessed`,
      `Give at least ${LEAST_BYTES} bytes: authlog issue --generate-key HS256 -o FILE makes 32.`,
    );
  }
  return { key: secret, notices: notices.map((notice) => ({ ...notice, count: 1 })) };
};
