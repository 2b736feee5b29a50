import { Buffer } from 'node:buffer';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { IncompleteInput } from './input.ts';
import type { Input } from './input.ts';
import { systemReason } from './system-error.ts';

/** The part of a file handle that reading needs. */
export interface OpenedFile {
  readonly fd: number;
  stat(): Promise<Stats>;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
}

export interface RawOptions {
  readonly stdin: Readable;
  /** Bytes asked for in one read, 1 MiB unless told. */
  readonly chunkSize?: number;
  /** Where relative paths start, the process's own directory unless told. */
  readonly cwd?: string;
  /** Bytes of this input read so far, before decompression. */
  readonly onProgress?: (rawBytes: number) => void;
  /** Opens a path for reading. */
  readonly open?: (path: string) => Promise<OpenedFile>;
}

const CHUNK_SIZE = 1_048_576;
// A device such as /dev/zero has no end; no log on one is this long.
const DEVICE_LIMIT = 2 ** 30;

/**
 * The bytes of one input as they lie on disk or come from the pipe, each chunk valid until the next is asked for.
 * A regular file is read up to its size at open. Throws IncompleteInput.
 */
export async function* rawBytes(
  input: Input,
  options: RawOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source =
    input.kind === 'stdin' ? stdinBytes(options.stdin) : fileBytes(input.path, options);
  let total = 0;
  for await (const chunk of source) {
    total += chunk.byteLength;
    options.onProgress?.(total);
    yield chunk;
  }
}

async function* stdinBytes(stdin: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  const chunks: AsyncIterator<Uint8Array> = stdin[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch((error: unknown) => {
        throw readFailure('-', total, error);
      });
      if (done === true) return;
      total += value.byteLength;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

async function* fileBytes(
  path: string,
  options: RawOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path, options);
  try {
    const stats = await file.stat();
    const length = stats.isFile() ? stats.size : null;
    const endless = stats.isCharacterDevice() && !isatty(file.fd);
    const limit = length ?? (endless ? DEVICE_LIMIT : Infinity);
    const chunkSize = options.chunkSize ?? CHUNK_SIZE;
    let total = 0;
    for await (const chunk of openedBytes(
      file,
      path,
      { from: 0, to: limit, size: length },
      chunkSize,
    )) {
      total += chunk.byteLength;
      yield chunk;
    }
    if (endless && total === limit) {
      throw new IncompleteInput(
        'unsupported',
        `${path} is a device without an end; stopped after 1 GiB`,
      );
    }
  } finally {
    await file.close();
  }
}

/**
 * The bytes [from, to) of an open file, each chunk valid until the next is asked for; a `size` of null is that of a
 * pipe or device. Throws IncompleteInput.
 */
export async function* openedBytes(
  file: Pick<OpenedFile, 'read'>,
  path: string,
  { from, to, size }: { readonly from: number; readonly to: number; readonly size: number | null },
  chunkSize: number = CHUNK_SIZE,
): AsyncGenerator<Uint8Array, void, undefined> {
  const step = Math.min(chunkSize, to - from);
  const read = (into: Buffer, at: number): Promise<number> =>
    file.read(into, 0, Math.min(step, to - at), size === null ? null : at).then(
      ({ bytesRead }) => bytesRead,
      (error: unknown) => {
        throw readFailure(path, at, error);
      },
    );
  // A file is read ahead while what came before is worked on; a pipe or device only when it is asked.
  const buffers = [Buffer.allocUnsafeSlow(step), Buffer.allocUnsafeSlow(size === null ? 0 : step)];
  let ahead: Promise<number> | null = null;
  for (let total = from, turn = 0; total < to;) {
    const buffer = buffers[turn]!;
    const bytesRead = await (ahead ?? read(buffer, total));
    if (bytesRead === 0) {
      if (size === null) return;
      throw new IncompleteInput('changed', `truncated while reading, at byte ${total} of ${size}`);
    }
    total += bytesRead;
    if (size !== null && total < to) {
      turn = 1 - turn;
      ahead = read(buffers[turn]!, total);
      // Awaited at the next turn, if there is one.
      ahead.catch(() => undefined);
    }
    yield buffer.subarray(0, bytesRead);
  }
}

const openFile = async (path: string, options: RawOptions): Promise<OpenedFile> => {
  try {
    return await (options.open ?? open)(resolve(options.cwd ?? '.', path));
  } catch (error) {
    throw new IncompleteInput('unreadable', `cannot read ${path}: ${systemReason(error)}`);
  }
};

export const readFailure = (path: string, offset: number, error: unknown): IncompleteInput =>
  new IncompleteInput(
    'unreadable',
    `cannot read ${path === '-' ? 'standard input' : path} at byte ${offset}: ${systemReason(error)}`,
  );
