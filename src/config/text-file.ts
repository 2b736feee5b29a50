import { open } from 'node:fs/promises';
import { AuthlogError } from '../errors.ts';
import { errorCode, printable } from '../keys/printable.ts';

const PIECE = 64 * 1024;
const MIB = 1024 * 1024;

/** The text of a file of at most `most` bytes, which messages call `name`. Throws USAGE where it can't be had. */
export const readTextFile = async (
  path: string,
  most: number,
  name: string = path,
): Promise<string> => {
  const bytes = await readBounded(path, most, name);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AuthlogError('USAGE', `${printable(name)} is not UTF-8 text`);
  }
};

/** The bytes of a file; reads no more than `most`, for `/dev/zero` has no end. Throws USAGE where it can't be had. */
export const readBounded = async (
  path: string,
  most: number,
  name: string = path,
): Promise<Buffer> => {
  try {
    const handle = await open(path, 'r');
    try {
      const pieces: Uint8Array[] = [];
      let total = 0;
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE));
        if (bytesRead === 0) return Buffer.concat(pieces);
        total += bytesRead;
        if (total > most) throw tooLarge(name, most);
        pieces.push(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof AuthlogError) throw error;
    throw new AuthlogError(
      'USAGE',
      `cannot read ${printable(name)}: ${errorCode(error) ?? 'unreadable'}`,
      'Check the path and who may read it.',
    );
  }
};

const tooLarge = (name: string, most: number): AuthlogError =>
  new AuthlogError('USAGE', `${printable(name)} is larger than ${most / MIB} MiB`);
