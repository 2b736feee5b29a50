import { open } from 'node:fs/promises';
import { AuthlogError } from '../errors.ts';
import { errorCode, printable } from '../keys/printable.ts';

const PIECE = 64 * 1024;
const MIB = 1024 * 1024;

/** The text of a file of at most `most` bytes. Throws USAGE where it can't be had. */
export const readTextFile = async (path: string, most: number): Promise<string> => {
  const bytes = await readBounded(path, most);
  if (bytes === null) {
    throw new AuthlogError('USAGE', `${printable(path)} is larger than ${most / MIB} MiB`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AuthlogError('USAGE', `${printable(path)} is not UTF-8 text`);
  }
};

/** Null where it is larger; reads no more, for `/dev/zero` has no end. Throws USAGE where it can't be read. */
export const readBounded = async (path: string, most: number): Promise<Buffer | null> => {
  try {
    const handle = await open(path, 'r');
    try {
      const pieces: Uint8Array[] = [];
      let total = 0;
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE));
        if (bytesRead === 0) return Buffer.concat(pieces);
        total += bytesRead;
        if (total > most) return null;
        pieces.push(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new AuthlogError(
      'USAGE',
      `cannot read ${printable(path)}: ${errorCode(error) ?? 'unreadable'}`,
      'Check the path and who may read it.',
    );
  }
};
