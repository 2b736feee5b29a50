import { Buffer } from 'node:buffer';
import { constants, crc32, createInflateRaw } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { through } from './codec.ts';
import { IncompleteInput } from './input.ts';
import type { InputNotice } from './input.ts';
import { isGzip } from './magic.ts';

const OUTPUT_SIZE = 262_144;
const DEFLATE = 8;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/**
 * Decodes gzip, all its members, and yields everything that can be recovered before it throws IncompleteInput.
 * Member by member, because zlib's own gunzip loses data before trailing garbage.
 */
export async function* gunzip(
  reader: ByteReader,
  onNotice: (notice: InputNotice) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  do {
    await skipHeader(reader);
    yield* inflateMember(reader);
  } while (isGzip(await reader.peek(2)));
  await checkTail(reader, onNotice);
}

const skipHeader = async (reader: ByteReader): Promise<void> => {
  const header = await reader.take(10);
  if (header.length < 10) throw truncated(reader);
  const flags = header[3]!;
  if (header[2] !== DEFLATE || (flags & FLAG.reserved) !== 0) throw corrupt(reader, 'bad header');
  let whole = true;
  if ((flags & FLAG.extra) !== 0) {
    const size = await reader.take(2);
    whole = size.length === 2 && (await reader.skip(size.readUInt16LE(0)));
  }
  if (whole && (flags & FLAG.name) !== 0) whole = await reader.skipPast(0);
  if (whole && (flags & FLAG.comment) !== 0) whole = await reader.skipPast(0);
  if (whole && (flags & FLAG.headerCrc) !== 0) whole = await reader.skip(2);
  if (!whole) throw truncated(reader);
};

async function* inflateMember(reader: ByteReader): AsyncGenerator<Uint8Array, void, undefined> {
  // A sync flush gives out the last bytes of cut-off data, where the default would throw.
  const inflate = createInflateRaw({ chunkSize: OUTPUT_SIZE, finishFlush: constants.Z_SYNC_FLUSH });
  const start = reader.position;
  let last: Buffer = Buffer.alloc(0);
  let crc = 0;
  let size = 0;
  const next = async (): Promise<Buffer | null> => {
    const piece = await reader.next();
    if (piece !== null) last = piece;
    return piece;
  };
  try {
    for await (const piece of through(inflate, next)) {
      crc = crc32(piece, crc);
      size = (size + piece.length) >>> 0;
      yield piece;
    }
  } catch (error) {
    throw corrupt(reader, error instanceof Error ? error.message : 'bad data');
  }
  const unused = reader.position - start - inflate.bytesWritten;
  if (unused > 0) reader.unread(last.subarray(last.length - unused));
  const trailer = await reader.take(8);
  if (trailer.length < 8) throw truncated(reader);
  if (trailer.readUInt32LE(0) !== crc) throw corrupt(reader, 'wrong checksum');
  if (trailer.readUInt32LE(4) !== size) throw corrupt(reader, 'wrong length');
}

/** Zero bytes after the last member are padding; anything else is worth a word, as `gzip -dc` gives one. */
const checkTail = async (
  reader: ByteReader,
  onNotice: (notice: InputNotice) => void,
): Promise<void> => {
  const end = reader.position;
  for (let bytes = await reader.next(); bytes !== null; bytes = await reader.next()) {
    if (bytes.every((byte) => byte === 0)) continue;
    onNotice({
      code: 'trailing_garbage',
      message: `the gzip data ends at byte ${end}; what follows is no gzip and was ignored`,
    });
    return;
  }
};

const truncated = (reader: ByteReader): IncompleteInput =>
  new IncompleteInput('truncated', `unexpected end of gzip at byte ${reader.position}`);

const corrupt = (reader: ByteReader, why: string): IncompleteInput =>
  new IncompleteInput('corrupt', `corrupt gzip near byte ${reader.position}: ${why}`);
