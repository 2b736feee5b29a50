import type { Stats } from 'node:fs';
import type { Disk, DiskFile } from '../../../src/ingest/disk.ts';
import type { Files } from './files.ts';

interface Inode {
  ino: number;
  bytes: Buffer;
  mtime: number;
}

/**
 * A folder in memory that reuses inode numbers at once, as ext4 does, and whose clock may stand
 * still between two writes, as a coarse one does.
 */
export class MemoryFiles implements Files, Disk {
  readonly #inodes = new Map<string, Inode>();
  readonly #free: number[] = [];
  #next = 10;
  #clock = 1;
  /** Called before each thing that a reader does. */
  onRead: () => void = () => undefined;

  names(): readonly string[] {
    return [...this.#inodes.keys()];
  }

  read(name: string): Buffer {
    return this.#get(name).bytes;
  }

  append(name: string, bytes: Buffer): void {
    const inode = this.#inodes.get(name) ?? this.#create(name);
    inode.bytes = Buffer.concat([inode.bytes, bytes]);
    inode.mtime = this.#clock;
  }

  writeAt(name: string, bytes: Buffer, at: number): void {
    const inode = this.#get(name);
    const length = Math.max(inode.bytes.length, at + bytes.length);
    const grown = Buffer.alloc(length);
    inode.bytes.copy(grown);
    bytes.copy(grown, at);
    inode.bytes = grown;
    inode.mtime = this.#clock;
  }

  put(name: string, bytes: Buffer): void {
    const inode = this.#inodes.get(name) ?? this.#create(name);
    inode.bytes = bytes;
    inode.mtime = this.#clock;
  }

  rename(from: string, to: string): void {
    const inode = this.#get(from);
    if (this.#inodes.has(to)) this.remove(to);
    this.#inodes.delete(from);
    this.#inodes.set(to, inode);
  }

  remove(name: string): void {
    this.#free.push(this.#get(name).ino);
    this.#inodes.delete(name);
  }

  /** Time goes on. */
  tick(): void {
    this.#clock++;
  }

  list(): Promise<string[]> {
    return this.#asked(() => [...this.#inodes.keys()]);
  }

  open(path: string): Promise<DiskFile> {
    return this.#asked(() => this.#handle(this.#get(path.slice(path.lastIndexOf('/') + 1))));
  }

  #handle(inode: Inode): DiskFile {
    return {
      fd: -1,
      stat: () =>
        this.#asked(
          () =>
            ({
              size: inode.bytes.length,
              isFile: () => true,
              isCharacterDevice: () => false,
            }) as Stats,
        ),
      identity: () =>
        this.#asked(() => ({
          dev: '1',
          ino: String(inode.ino),
          size: inode.bytes.length,
          mtime: String(inode.mtime),
          isFile: true,
          mtimeMs: inode.mtime,
        })),
      read: (buffer, offset, length, position) =>
        this.#asked(() => {
          const from = position ?? 0;
          const some = inode.bytes.subarray(from, from + length);
          buffer.set(some, offset);
          return { bytesRead: some.length };
        }),
      close: () => Promise.resolve(),
    };
  }

  async #asked<T>(answer: () => T): Promise<T> {
    this.onRead();
    return answer();
  }

  #create(name: string): Inode {
    const inode = { ino: this.#free.pop() ?? this.#next++, bytes: Buffer.alloc(0), mtime: 0 };
    this.#inodes.set(name, inode);
    return inode;
  }

  #get(name: string): Inode {
    const inode = this.#inodes.get(name);
    if (inode !== undefined) return inode;
    throw Object.assign(new Error(`no ${name}`), { code: 'ENOENT', errno: -2 });
  }
}
