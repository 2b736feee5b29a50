import { AuthlogError } from '../errors.ts';
import { nodeKeyIo, type KeyIo } from '../keys/io.ts';
import type { KeyRing } from '../keys/key.ts';
import { loadKeyRing, type KeyOptions } from '../keys/ring.ts';
import type { Host } from './host.ts';
import type { KeyFlags } from './key-flags.ts';

/** The key ring that the flags, the environment or the person at the terminal give; null for `--no-verify`. */
export const resolveKeyRing = async (
  flags: KeyFlags,
  host: Host,
  now: number,
  isTyped: (flag: string) => boolean,
): Promise<KeyRing | null> => {
  if (!flags.verify) {
    refuseKeys(isTyped);
    return null;
  }
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
  const ring = (await loadKeyRing(options, io)) ?? (await promptedRing(options, io, host));
  if (ring !== null) return ring;
  throw new AuthlogError(
    'USAGE',
    'no key to verify with',
    'Give --secret-file FILE, --key FILE or --jwks URL, set AUTHLOG_SECRET, or say --no-verify.',
  );
};

const promptedRing = async (
  options: KeyOptions,
  io: KeyIo,
  host: Host,
): Promise<KeyRing | null> => {
  const { promptForSecret } = await import('./prompt.ts');
  return loadKeyRing({ ...options, promptedSecret: promptForSecret(host) }, io);
};

// Only what was typed: a key in the environment may be meant for other runs.
const refuseKeys = (isTyped: (flag: string) => boolean): void => {
  if (!['secretFile', 'secretEnv', 'secret', 'key', 'jwks'].some(isTyped)) return;
  throw new AuthlogError(
    'USAGE',
    '--no-verify and a key exclude each other',
    'Leave out --no-verify to check signatures.',
  );
};
