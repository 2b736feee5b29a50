import { createPublicKey, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AuthlogError } from '../errors.ts';
import { readAlgList } from '../keys/algs.ts';
import { KEY_BYTES_LIMIT, type KeyIo } from '../keys/io.ts';
import type { KeyNotice } from '../keys/key.ts';
import { errorCode, pasteable, printable } from '../keys/printable.ts';
import { NO_MEMBERS, readPublicKey } from '../keys/public-key.ts';
import { readableNotice } from '../keys/secret.ts';
import { readSources } from '../keys/sources.ts';
import { readPrivateJwk, type KeyPair } from './private-jwk.ts';
import { readPrivateDer, readPrivatePem, SIGNING_FORMS } from './private-pem.ts';

/** The key that signs, the key that verifies what it signs, and what is to be remarked on it. */
export interface SigningKey extends KeyPair {
  /** What messages call it, escaped: `key.json`, `the secret in secret`. */
  readonly name: string;
  readonly notices: readonly KeyNotice[];
}

/** Where the key is; one of them, else the environment variable AUTHLOG_SECRET. */
export interface SigningKeyOptions {
  readonly secretFile?: string | undefined;
  /** Name of an environment variable. */
  readonly secretEnv?: string | undefined;
  readonly secret?: string | undefined;
  readonly promptedSecret?: string | undefined;
  /** Private key: PEM or DER (PKCS#8, PKCS#1, SEC 1), JWK, or a JWKS with one private key. */
  readonly keyFile?: string | undefined;
}

const fromPrivateKey = async (signer: KeyObject, name: string): Promise<KeyPair> => {
  const reading = await readPublicKey(createPublicKey(signer), NO_MEMBERS);
  if ('key' in reading) return { signer, verifier: reading.key };
  const why = 'unusable' in reading ? reading.unusable : 'is not a key';
  throw new AuthlogError('KEY', `${name} ${why}`, SIGNING_FORMS);
};

const readPair = async (bytes: Uint8Array, path: string): Promise<KeyPair> => {
  const name = printable(path);
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') throw new AuthlogError('KEY', `${name} is empty`, SIGNING_FORMS);
  if (text.startsWith('{') || text.startsWith('[')) return readPrivateJwk(text, name);
  if (text.includes('-----BEGIN ')) return fromPrivateKey(readPrivatePem(text, path), name);
  if (bytes[0] === 0x30) return fromPrivateKey(readPrivateDer(bytes, path), name);
  throw new AuthlogError('KEY', `${name} is not a private key`, SIGNING_FORMS);
};

const readBytes = async (path: string, io: KeyIo): Promise<Uint8Array> => {
  const name = printable(path);
  let bytes: Uint8Array;
  try {
    bytes = await io.readFile(path);
  } catch (error) {
    const hint = 'check the path and who may read it';
    throw new AuthlogError('KEY', `cannot read ${name}: ${errorCode(error) ?? 'unreadable'}`, hint);
  }
  if (bytes.length <= KEY_BYTES_LIMIT) return bytes;
  throw new AuthlogError('KEY', `${name} is larger than 1 MiB`, 'is it really a key?');
};

const fromKeyFile = async (path: string, io: KeyIo): Promise<SigningKey> => {
  const name = printable(path);
  const pair = await readPair(await readBytes(path, io), path);
  const notice = readableNotice(await io.fileMode(path), name, pasteable(path));
  return { ...pair, name, notices: notice === null ? [] : [notice] };
};

const fromSecret = async (options: SigningKeyOptions, io: KeyIo): Promise<SigningKey | null> => {
  const read = await readSources(
    {
      secretFiles: options.secretFile === undefined ? [] : [options.secretFile],
      secretEnv: options.secretEnv ?? null,
      secret: options.secret ?? null,
      promptedSecret: options.promptedSecret ?? null,
      keyFiles: [],
      jwksUrls: [],
      algs: null,
    },
    io,
  );
  const candidate = read?.[0]?.candidates[0];
  if (read === null || candidate === undefined) return null;
  const { name, key } = candidate;
  const notices = read.flatMap((source) => source.notices);
  return { signer: createSecretKey(key.secret!), verifier: key, name, notices };
};

/**
 * Loads the key that signs; null when the options name none and `AUTHLOG_SECRET` is not set.
 * Throws USAGE for several and KEY for one that is missing, unreadable or unsafe; no message holds
 * key material.
 */
export const loadSigningKey = async (
  options: SigningKeyOptions,
  io: KeyIo,
): Promise<SigningKey | null> => {
  if (Object.values(options).filter((source) => source !== undefined).length > 1) {
    const hint = 'Give one of --secret-file, --secret-env, --secret and --key.';
    throw new AuthlogError('USAGE', 'a token is signed by one key', hint);
  }
  return options.keyFile === undefined ? fromSecret(options, io) : fromKeyFile(options.keyFile, io);
};

/** The algorithm to sign with: the one asked for where the key allows it, else the first that it allows. */
export const signingAlg = ({ verifier, name }: SigningKey, asked: string | undefined): string => {
  const { algs } = verifier;
  if (asked === undefined) return algs[0]!;
  readAlgList([asked]);
  if (algs.includes(asked)) return asked;
  const message = `${name} does not sign ${printable(asked)}`;
  throw new AuthlogError('USAGE', message, `It can sign ${algs.join(', ')}.`);
};
