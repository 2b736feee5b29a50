import { open, rm } from 'node:fs/promises';
import { AuthlogError } from '../../errors.ts';
import { generateKey, type KeyKind } from '../../issue/generate.ts';
import { errorCode, pasteable, printable } from '../../keys/printable.ts';
import type { Host } from '../host.ts';

const ALLOWED: ReadonlySet<string> = new Set(['--generate-key', '--output']);

/**
 * `authlog issue --generate-key`: writes a new key (mode 0600) and the JWKS of its public half beside
 * it, never over a file that exists. `typed` names the flags on the command line.
 */
export const runGenerateKey = async (
  kind: KeyKind,
  path: string | undefined,
  typed: readonly string[],
  host: Host,
): Promise<number> => {
  const other = typed.find((flag) => !ALLOWED.has(flag));
  if (other !== undefined) {
    const hint = 'Make the key first, then sign with it.';
    throw new AuthlogError('USAGE', `--generate-key signs nothing: leave out ${other}`, hint);
  }
  if (path === undefined) {
    const hint = `authlog issue --generate-key ${kind} -o FILE`;
    throw new AuthlogError('USAGE', '--generate-key needs a file to write the key to', hint);
  }
  const { alg, privateText, publicText, kid } = await generateKey(kind);
  await createFile(path, privateText, 0o600);
  const name = printable(path);
  if (publicText === null) {
    host.stdout.write(`${name}\t${alg} secret, mode 0600\n`);
    const file = `--secret-file ${pasteable(path)}`;
    // A secret file does not say which of the three it is for.
    host.stderr.write(nextSteps(alg === 'HS256' ? file : `${file} --alg ${alg}`, file));
    return 0;
  }
  const publicPath = `${path}.jwks.json`;
  try {
    await createFile(publicPath, publicText, 0o644);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  host.stdout.write(`${name}\t${alg} private key, mode 0600, kid ${kid ?? ''}\n`);
  host.stdout.write(`${printable(publicPath)}\tits public key, for everyone who verifies\n`);
  host.stderr.write(nextSteps(`--key ${pasteable(path)}`, `--key ${pasteable(publicPath)}`));
  return 0;
};

const nextSteps = (signs: string, verifies: string): string =>
  `Sign with it:   authlog issue ${signs} --user-id 12345\n` +
  `Verify with it: authlog analyze auth_logs.log ${verifies}\n`;

/** Creates a file that nobody had before; what fails half-way leaves none. */
const createFile = async (path: string, text: string, mode: number): Promise<void> => {
  let created = false;
  try {
    // `wx` follows no symbolic link and takes over no file that another made.
    const file = await open(path, 'wx', mode);
    created = true;
    try {
      // The umask may have taken more away than is meant.
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (created) await rm(path, { force: true });
    const name = printable(path);
    const code = errorCode(error) ?? 'unknown error';
    if (code === 'EEXIST') {
      const hint = 'Choose another name, or move the old key away first.';
      throw new AuthlogError('USAGE', `${name} exists already: no key is overwritten`, hint);
    }
    const why = code === 'ENOENT' ? 'no such directory' : code;
    throw new AuthlogError('OUTPUT', `cannot write ${name}: ${why}`);
  }
};
