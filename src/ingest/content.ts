import { Buffer } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { IncompleteInput } from '../source/input.ts';
import { isGzip, isZstd } from '../source/magic.ts';
import { openInput } from '../source/open.ts';
import type { DiskFile } from './disk.ts';

/** Bytes before a position that a mark covers. */
export const MARK_SIZE = 4096;
const CHUNK_SIZE = 1 << 20;
const HASH_LENGTH = 22;

/** How the text of a file lies in it. */
export type Layout = 'compressed' | 'utf-16' | { readonly bom: number };

/** Told by the first bytes, never by the name. */
export const layoutOf = async (file: DiskFile): Promise<Layout> => {
  const { bytesRead, bytes } = await readAt(file, 0, 10);
  const head = bytes.subarray(0, bytesRead);
  const magic = head.toString('latin1');
  if (isGzip(head) || isZstd(head) || magic.startsWith('\xfd7zXZ\0')) return 'compressed';
  if (/^BZh[1-9]1AY&SY/.test(magic) || magic.startsWith('PK\x03\x04')) return 'compressed';
  if (magic.startsWith('\xff\xfe') || magic.startsWith('\xfe\xff')) return 'utf-16';
  return { bom: magic.startsWith('\xef\xbb\xbf') ? 3 : 0 };
};

const readAt = async (
  file: DiskFile,
  from: number,
  length: number,
): Promise<{ bytesRead: number; bytes: Buffer }> => {
  const bytes = Buffer.alloc(length);
  let bytesRead = 0;
  while (bytesRead < length) {
    const more = await file.read(bytes, bytesRead, length - bytesRead, from + bytesRead);
    if (more.bytesRead === 0) break;
    bytesRead += more.bytesRead;
  }
  return { bytesRead, bytes };
};

/** The mark of a plain file at a position of its text; null where the file is shorter. */
export const markAt = async (file: DiskFile, bom: number, at: number): Promise<string | null> => {
  const length = Math.min(MARK_SIZE, at);
  const { bytesRead, bytes } = await readAt(file, bom + at - length, length);
  return bytesRead < length ? null : hashOf(bytes);
};

const hashOf = (bytes: Uint8Array): string => digest(createHash('sha256').update(bytes));
const digest = (hash: Hash): string => hash.digest('base64url').slice(0, HASH_LENGTH);

/** The text of a plain file between two positions; each chunk is valid until the next is asked for. */
export async function* plainText(
  file: DiskFile,
  bom: number,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_SIZE, Math.max(1, to - from)));
  for (let at = from; at < to;) {
    const length = Math.min(buffer.length, to - at);
    const { bytesRead } = await file.read(buffer, 0, length, bom + at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The text of a compressed file from a position on. Throws IncompleteInput. */
export async function* packedText(
  file: DiskFile,
  path: string,
  from: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = { path, kind: 'file', size: null, mtime: null, mode: null } as const;
  // The file is closed by who opened it.
  const open = async (): Promise<DiskFile> => withoutClose(file);
  let skip = from;
  for await (const chunk of openInput(input, { stdin: Readable.from([]), open })) {
    if (chunk.length > skip) yield skip === 0 ? chunk : chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

const withoutClose = (file: DiskFile): DiskFile => ({
  fd: file.fd,
  stat: () => file.stat(),
  identity: () => file.identity(),
  read: (buffer, offset, length, position) => file.read(buffer, offset, length, position),
  close: () => Promise.resolve(),
});

/** What a look at all of a compressed file's text tells. */
export interface PackedLook {
  readonly length: number;
  readonly hashes: ReadonlyMap<number, string>;
  readonly damage: IncompleteInput | null;
}

/** Length of the text, and its marks at `positions`, at the head and at the end. */
export const lookPacked = async (
  file: DiskFile,
  path: string,
  positions: readonly number[],
): Promise<PackedLook> => {
  const wanted = [...new Set([MARK_SIZE, ...positions])].toSorted((a, b) => a - b);
  const hashes = new Map<number, string>();
  let tail: Buffer = Buffer.alloc(0);
  let length = 0;
  let damage: IncompleteInput | null = null;
  try {
    for await (const chunk of packedText(file, path, 0)) {
      const text = Buffer.concat([tail, chunk]);
      const start = length - tail.length;
      length += chunk.length;
      while (wanted.length > 0 && wanted[0]! <= length) {
        const at = wanted.shift()!;
        hashes.set(at, hashOf(text.subarray(Math.max(0, at - MARK_SIZE - start), at - start)));
      }
      tail = Buffer.from(text.subarray(Math.max(0, text.length - MARK_SIZE)));
    }
  } catch (error) {
    if (!(error instanceof IncompleteInput)) throw error;
    damage = error;
  }
  hashes.set(length, hashOf(tail));
  return { length, hashes, damage };
};

/** Whether the first `length` bytes of two plain texts are the same. */
export const startAlike = async (
  one: DiskFile,
  oneBom: number,
  other: DiskFile,
  otherBom: number,
  length: number,
): Promise<boolean> => {
  for (let at = 0; at < length; at += CHUNK_SIZE) {
    const size = Math.min(CHUNK_SIZE, length - at);
    const a = await readAt(one, oneBom + at, size);
    const b = await readAt(other, otherBom + at, size);
    if (a.bytesRead < size || b.bytesRead < size || !a.bytes.equals(b.bytes)) return false;
  }
  return true;
};
