import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';

/** A zlib stream; `bytesWritten` counts the compressed bytes that it used. */
export type Codec = Duplex & { readonly bytesWritten: number };

/**
 * Runs the pieces that `next` gives, until null, through a zlib stream and yields what comes out.
 * Ends where the compressed data ends; only the last piece can then be partly unused. Throws what the codec throws.
 */
export async function* through(
  codec: Codec,
  next: () => Promise<Buffer | null>,
): AsyncGenerator<Buffer, void, undefined> {
  const closed = new Promise<void>((resolve) => codec.once('close', resolve));
  const feed = async (): Promise<void> => {
    for (let given = 0; !codec.destroyed;) {
      const piece = await next();
      if (codec.destroyed) return;
      if (piece === null) {
        codec.end();
        return;
      }
      given += piece.length;
      // zlib may never call back for a write that runs past the end of its data: hence the race.
      const written = new Promise<void>((resolve) => codec.write(piece, () => resolve()));
      await Promise.race([closed, written]);
      if (codec.bytesWritten < given) return;
    }
  };
  const feeding = feed();
  const output: AsyncIterable<Buffer> = codec;
  try {
    for await (const piece of output) yield piece;
    await feeding;
  } finally {
    codec.destroy();
  }
}
