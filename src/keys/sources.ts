import { AuthlogError } from '../errors.ts';
import { algsFor } from './algs.ts';
import type { Candidate, KeysRead } from './candidate.ts';
import { KEY_BYTES_LIMIT } from './io.ts';
import type { KeyIo } from './io.ts';
import type { KeyNotice } from './key.ts';
import { errorCode, pasteable, printable } from './printable.ts';
import { readableNotice, readSecretFile, readSecretText } from './secret.ts';

/** The keys as the options name them; the environment's default secret counts only without any other. */
export interface KeyOptions {
  readonly secretFiles: readonly string[];
  /** A variable that was named explicitly, null for none. */
  readonly secretEnv: string | null;
  readonly secret: string | null;
  /** PEM, OpenSSH, JWK or JWKS files. */
  readonly keyFiles: readonly string[];
  readonly jwksUrls: readonly string[];
  readonly promptedSecret: string | null;
  /** Allow-list of algorithms, null for every one that the keys' types allow. */
  readonly algs: readonly string[] | null;
}

const DEFAULT_ENV = 'AUTHLOG_SECRET';

const secretCandidate = (name: string, secret: Uint8Array): Candidate => ({
  name,
  key: {
    kid: null,
    kty: 'oct',
    algs: algsFor('oct', null),
    secret,
    jwk: null,
    notBefore: null,
    notAfter: null,
  },
});

const readBytes = async (path: string, io: KeyIo): Promise<Uint8Array> => {
  let bytes: Uint8Array;
  try {
    bytes = await io.readFile(path);
  } catch (error) {
    const code = errorCode(error) ?? 'unreadable';
    throw new AuthlogError(
      'KEY',
      `cannot read ${printable(path)}: ${code}`,
      'check the path and who may read it',
    );
  }
  if (bytes.length <= KEY_BYTES_LIMIT) return bytes;
  throw new AuthlogError('KEY', `${printable(path)} is larger than 1 MiB`, 'is it really a key?');
};

const readableNotices = async (path: string, io: KeyIo): Promise<KeyNotice[]> => {
  const notice = readableNotice(await io.fileMode(path), printable(path), pasteable(path));
  return notice === null ? [] : [notice];
};

/** The secret in a file, and what is to be remarked of the file. Throws KEY. */
export const readSecret = async (
  path: string,
  io: KeyIo,
): Promise<{ readonly secret: Uint8Array; readonly notices: readonly KeyNotice[] }> => {
  const { secret, notices } = readSecretFile(await readBytes(path, io), printable(path));
  return { secret, notices: [...notices, ...(await readableNotices(path, io))] };
};

const fromSecretFile = async (path: string, io: KeyIo): Promise<KeysRead> => {
  const { secret, notices } = await readSecret(path, io);
  const candidates = [secretCandidate(`the secret in ${printable(path)}`, secret)];
  return { candidates, notices };
};

const fromText = (text: string, name: string, notices: readonly KeyNotice[] = []): KeysRead => ({
  candidates: [secretCandidate(name, readSecretText(text, name))],
  notices,
});

const fromEnv = (variable: string, io: KeyIo): KeysRead => {
  // A secret given in place of the name must not be printed: only what looks like a name is.
  const name = /^[A-Z_][A-Z0-9_]{0,63}$/.test(variable) ? variable : 'that --secret-env names';
  const value = Object.hasOwn(io.env, variable) ? io.env[variable] : undefined;
  if (value === undefined || value === '') {
    const state = value === undefined ? 'not set' : 'empty';
    const message = `the environment variable ${name} is ${state}`;
    throw new AuthlogError('KEY', message, 'set it, or name another with --secret-env');
  }
  return fromText(value, `the secret in the environment variable ${name}`);
};

const fromKeyFile = async (path: string, io: KeyIo): Promise<KeysRead> => {
  const { readKeyFile } = await import('./key-file.ts');
  const read = await readKeyFile(await readBytes(path, io), path, io.now);
  if (read.candidates.every(({ key }) => key.secret === null)) return read;
  const notices = [...read.notices, ...(await readableNotices(path, io))];
  return { candidates: read.candidates, notices };
};

const fromUrl = async (address: string, io: KeyIo): Promise<KeysRead> => {
  const { fetchJwks } = await import('./jwks-url.ts');
  const { readJwks } = await import('./jwks.ts');
  const { name, text } = await fetchJwks(address, io);
  const read = await readJwks(text, name);
  if (read.candidates.every(({ key }) => key.secret === null)) return read;
  const hint = 'a secret that everyone can fetch is none; use the public keys of the issuer';
  throw new AuthlogError('KEY', `${name} publishes a shared secret`, hint);
};

const IN_ARGV: KeyNotice = {
  code: 'secret_in_argv',
  message:
    '--secret shows the secret to everyone who can list processes, and to the shell history: use --secret-file',
};

/** Reads every key that the options name, in their order; null where they and the environment name none. Throws KEY. */
export const readSources = async (options: KeyOptions, io: KeyIo): Promise<KeysRead[] | null> => {
  const read: KeysRead[] = [];
  for (const path of options.secretFiles) read.push(await fromSecretFile(path, io));
  if (options.secretEnv !== null) read.push(fromEnv(options.secretEnv, io));
  if (options.secret !== null) {
    read.push(fromText(options.secret, 'the secret of --secret', [IN_ARGV]));
  }
  if (options.promptedSecret !== null) {
    read.push(fromText(options.promptedSecret, 'the secret that was typed'));
  }
  for (const path of options.keyFiles) read.push(await fromKeyFile(path, io));
  for (const address of options.jwksUrls) read.push(await fromUrl(address, io));
  if (read.length > 0) return read;
  return (io.env[DEFAULT_ENV] ?? '') === '' ? null : [fromEnv(DEFAULT_ENV, io)];
};
