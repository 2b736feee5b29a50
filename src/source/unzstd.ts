import { Buffer } from 'node:buffer';
import * as zlib from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { through } from './codec.ts';
import type { Codec } from './codec.ts';
import { IncompleteInput } from './input.ts';
import { isSkippable, isZstd } from './magic.ts';

// Node has a zstd decoder from 22.15 on.
const {
  createZstdDecompress,
}: { createZstdDecompress?: () => Codec; readonly createGunzip: unknown } = zlib;

/** Whether this Node can decode zstd itself. */
export const hasZstd: boolean = createZstdDecompress !== undefined;

/**
 * Decodes zstd with Node's decoder, all its frames, and yields what it can before it throws IncompleteInput.
 * Frames are told apart here: depending on its version, that decoder stops after the first and takes a cut-off one for whole.
 */
export async function* unzstd(reader: ByteReader): AsyncGenerator<Uint8Array, void, undefined> {
  for (let head = await reader.peek(4); head.length > 0; head = await reader.peek(4)) {
    if (isSkippable(head)) {
      const header = await reader.take(8);
      const whole = header.length === 8 && (await reader.skip(header.readUInt32LE(4)));
      if (!whole) throw truncated(reader);
    } else if (isZstd(head)) {
      yield* decodeFrame(reader);
    } else {
      throw head.length < 4 ? truncated(reader) : corrupt(reader, 'no zstd frame');
    }
  }
}

async function* decodeFrame(reader: ByteReader): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = framePieces(reader);
  let whole: boolean | null = null;
  const next = async (): Promise<Buffer | null> => {
    const { done, value } = await pieces.next();
    if (done !== true) return value;
    whole = value;
    return null;
  };
  try {
    yield* through(createZstdDecompress!(), next);
  } catch (error) {
    if (whole === false) throw truncated(reader);
    throw corrupt(reader, error instanceof Error ? error.message : 'bad data');
  }
  if (whole !== true) throw truncated(reader);
}

/** The bytes of one frame, block by block; returns false where they end too early. */
async function* framePieces(reader: ByteReader): AsyncGenerator<Buffer, boolean, undefined> {
  const start = Buffer.from(await reader.take(5));
  if (start.length < 5) return false;
  const descriptor = start[4]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  yield start;
  yield await reader.take((singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes);
  for (let last = false; !last;) {
    const header = await reader.take(3);
    if (header.length < 3) return false;
    const word = header.readUIntLE(0, 3);
    last = (word & 1) !== 0;
    const isRepeat = ((word >> 1) & 3) === 1;
    yield header;
    const size = isRepeat ? 1 : word >> 3;
    const body = await reader.take(size);
    yield body;
    if (body.length < size) return false;
  }
  if ((descriptor & 4) === 0) return true;
  const checksum = await reader.take(4);
  yield checksum;
  return checksum.length === 4;
}

const truncated = (reader: ByteReader): IncompleteInput =>
  new IncompleteInput('truncated', `unexpected end of zstd at byte ${reader.position}`);

const corrupt = (reader: ByteReader, why: string): IncompleteInput =>
  new IncompleteInput('corrupt', `corrupt zstd near byte ${reader.position}: ${why}`);
