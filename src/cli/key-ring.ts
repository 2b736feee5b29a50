import { AuthlogError } from '../errors.ts';
import { nodeKeyIo } from '../keys/io.ts';
import type { KeyRing } from '../keys/key.ts';
import { loadKeyRing, type KeyOptions } from '../keys/ring.ts';
import type { Host } from './host.ts';
import type { KeyFlags } from './key-flags.ts';

/**
 * The key ring that the flags, the environment or, where `mayPrompt`, the person at the terminal
 * give; null where there is none. Throws KEY for a key that can't be used.
 */
export const resolveKeyRing = async (
  flags: KeyFlags,
  host: Host,
  now: number,
  mayPrompt: boolean,
): Promise<KeyRing | null> => {
  const options: KeyOptions = {
    secretFiles: flags.secretFile ?? [],
    secretEnv: flags.secretEnv ?? null,
    secret: flags.secret ?? null,
    keyFiles: flags.key ?? [],
    jwksUrls: flags.jwks ?? [],
    promptedSecret: null,
    algs: flags.alg ?? null,
  };
  const io = nodeKeyIo(host.env, now / 1000);
  const ring = await loadKeyRing(options, io);
  if (ring !== null || !mayPrompt) return ring;
  const { promptForSecret } = await import('./prompt.ts');
  return loadKeyRing({ ...options, promptedSecret: promptForSecret(host) }, io);
};

/** Throws USAGE where `--no-verify` stands beside a key; one in the environment may be meant for other runs. */
export const refuseKeys = (isTyped: (flag: string) => boolean): void => {
  if (!['secretFile', 'secretEnv', 'secret', 'key', 'jwks'].some(isTyped)) return;
  throw new AuthlogError(
    'USAGE',
    '--no-verify and a key exclude each other',
    'Leave out --no-verify to check signatures.',
  );
};
