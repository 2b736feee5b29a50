import { Buffer } from 'node:buffer';
import { ByteReader } from './byte-reader.ts';
import { asUtf8, isBareUtf8 } from './encoding.ts';
import { IncompleteInput } from './input.ts';
import type { Input, InputNotice } from './input.ts';
import { isGzip, isZstd } from './magic.ts';
import { rawBytes } from './raw.ts';
import type { RawOptions } from './raw.ts';

export interface OpenOptions extends RawOptions {
  readonly onNotice?: (notice: InputNotice) => void;
  /** Somebody watches: hand on what comes as it comes. */
  readonly isLive?: boolean;
}

interface Format {
  readonly name: string;
  /** Looks at the first ten bytes as Latin-1, one character a byte. */
  readonly matches: (head: string) => boolean;
  /** The program that decodes it as `PROGRAM -dc`, null where `authlog` does not start one. */
  readonly program: string | null;
  /** What to pipe through by hand. */
  readonly pipe: string;
}

const MAGIC_SIZE = 10;
const BZIP2_BLOCKS: readonly string[] = ['1AY&SY', '\x17rE8P\x90'];
const FORMATS: readonly Format[] = [
  {
    name: 'bzip2',
    matches: (head) => /^BZh[1-9]/.test(head) && BZIP2_BLOCKS.includes(head.slice(4)),
    program: 'bzip2',
    pipe: 'bzcat',
  },
  { name: 'xz', matches: (head) => head.startsWith('\xfd7zXZ\0'), program: 'xz', pipe: 'xzcat' },
  {
    name: 'zip',
    matches: (head) => head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06'),
    program: null,
    pipe: 'unzip -p',
  },
  {
    name: 'zstd',
    matches: (head) => isZstd(Buffer.from(head, 'latin1')),
    program: 'zstd',
    pipe: 'zstdcat',
  },
];

/**
 * The decoded text of one input as UTF-8 bytes, each chunk valid until the next is asked for.
 * Compression is told by magic number, encoding by byte-order mark or evidence, never by name.
 * Throws IncompleteInput after everything recoverable was yielded.
 */
export async function* openInput(
  input: Input,
  io: OpenOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const onNotice = io.onNotice ?? (() => {});
  const raw = new ByteReader(rawBytes(input, io));
  try {
    const decoded = await decompress(await raw.peek(MAGIC_SIZE), raw, input, onNotice);
    yield* asUtf8(decoded === null ? raw : new ByteReader(decoded), onNotice, io.isLive);
  } finally {
    await raw.close();
  }
}

/** Whether a file that starts with `sample` is UTF-8 as it lies on disk, without a byte-order mark. */
export const isPlain = (sample: Buffer): boolean => {
  const head = sample.subarray(0, MAGIC_SIZE).toString('latin1');
  const isPacked = isGzip(sample) || FORMATS.some(({ matches }) => matches(head));
  return !isPacked && isBareUtf8(sample);
};

/** Decoders are loaded when they are needed: most logs are plain. */
const decompress = async (
  head: Buffer,
  raw: ByteReader,
  input: Input,
  onNotice: (notice: InputNotice) => void,
): Promise<AsyncIterable<Uint8Array> | null> => {
  if (isGzip(head)) {
    const { gunzip } = await import('./gunzip.ts');
    return firstFailure(gunzip(raw, onNotice), raw);
  }
  if (isZstd(head)) {
    const { hasZstd, unzstd } = await import('./unzstd.ts');
    if (hasZstd) return firstFailure(unzstd(raw), raw);
  }
  const format = FORMATS.find(({ matches }) => matches(head.toString('latin1')));
  if (format === undefined) return null;
  if (format.program === null) throw unsupported(format, input);
  const { throughProgram } = await import('./child.ts');
  const missing = (): IncompleteInput => unsupported(format, input);
  return firstFailure(throughProgram(format.program, raw, missing, onNotice), raw);
};

/** Where the raw bytes failed, that is the cause, and not the cut-off data that follows from it. */
async function* firstFailure(
  decoded: AsyncIterable<Uint8Array>,
  raw: ByteReader,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* decoded;
  } catch (error) {
    throw raw.failure ?? error;
  }
  if (raw.failure !== null) throw raw.failure;
}

const unsupported = (format: Format, input: Input): IncompleteInput => {
  const isStdin = input.kind === 'stdin';
  // A hostile file name must not become part of a command to paste.
  const file = /^[\w./][\w./-]*$/.test(input.path) ? input.path : 'FILE';
  const pipe = isStdin ? `… | ${format.pipe} | authlog` : `${format.pipe} ${file} | authlog`;
  const what = isStdin ? 'standard input' : input.path;
  const why =
    format.program === null
      ? `${what} is a ${format.name} archive, which is not read directly`
      : `${what} is compressed with ${format.name} and no ${format.program} program was found`;
  const remedy = format.program === null ? 'pipe' : `install ${format.program} or pipe`;
  return new IncompleteInput('unsupported', `${why}; ${remedy}: ${pipe} analyze -`);
};
