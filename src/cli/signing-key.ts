import { AuthlogError } from '../errors.ts';
import { nodeKeyIo } from '../keys/io.ts';
import { loadSigningKey, type SigningKey, type SigningKeyOptions } from '../issue/signing-key.ts';
import type { IssueFlags, SourceOf } from './define/issue.ts';
import type { Host } from './host.ts';

const SOURCES = ['key', 'secretFile', 'secretEnv', 'secret'] as const;

/** The one key that the flags, the environment or the person at the terminal give. Throws USAGE and KEY. */
export const resolveSigningKey = async (
  flags: IssueFlags,
  host: Host,
  now: number,
  sourceOf: SourceOf,
): Promise<SigningKey> => {
  // A key in the environment may be meant for other runs.
  const typed = SOURCES.filter((name) => sourceOf(name) === 'cli');
  const used = typed.length > 0 ? typed : SOURCES;
  const [first, ...more] = used.flatMap((name) =>
    (flags[name] ?? []).map((value) => ({ name, value })),
  );
  if (more.length > 0) {
    const hint = 'Give one of --key, --secret-file, --secret-env and --secret.';
    throw new AuthlogError('USAGE', 'a token is signed by one key', hint);
  }
  const io = nodeKeyIo(host.env, now / 1000);
  const key = (await loadSigningKey(optionsOf(first), io)) ?? (await prompted(host, io));
  if (key !== null) return key;
  throw new AuthlogError(
    'USAGE',
    'no key to sign with',
    'Give --secret-file FILE or --key FILE, set AUTHLOG_SECRET, or make a key: authlog issue --generate-key hs256 -o secret',
  );
};

const optionsOf = (
  source: { readonly name: (typeof SOURCES)[number]; readonly value: string } | undefined,
): SigningKeyOptions => {
  if (source === undefined) return {};
  return { [source.name === 'key' ? 'keyFile' : source.name]: source.value };
};

const prompted = async (
  host: Host,
  io: ReturnType<typeof nodeKeyIo>,
): Promise<SigningKey | null> => {
  const { promptForSecret } = await import('./prompt.ts');
  const secret = promptForSecret(host);
  return secret === null ? null : loadSigningKey({ promptedSecret: secret }, io);
};
