import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import type { OpenedFile } from '../source/raw.ts';
import type { FileId } from './state.ts';

/** An opened file that also says which file it is. */
export interface DiskFile extends OpenedFile {
  identity(): Promise<Identity>;
}

export interface Identity extends FileId {
  readonly isFile: boolean;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
}

/** The part of a file system that reading logs needs; tests pass one that fails. */
export interface Disk {
  list(folder: string): Promise<string[]>;
  open(path: string): Promise<DiskFile>;
}

export const nodeDisk: Disk = {
  list: (folder) => readdir(folder),
  // Without O_NONBLOCK a FIFO of that name would be waited for.
  open: async (path) => new NodeFile(await open(path, constants.O_RDONLY | constants.O_NONBLOCK)),
};

class NodeFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get fd(): number {
    return this.#handle.fd;
  }

  stat(): ReturnType<OpenedFile['stat']> {
    return this.#handle.stat();
  }

  async identity(): Promise<Identity> {
    const stats = await this.#handle.stat({ bigint: true });
    return {
      dev: String(stats.dev),
      ino: String(stats.ino),
      size: Number(stats.size),
      mtime: String(stats.mtimeNs),
      isFile: stats.isFile(),
      mtimeMs: Number(stats.mtimeMs),
    };
  }

  read(...args: Parameters<OpenedFile['read']>): ReturnType<OpenedFile['read']> {
    return this.#handle.read(...args);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
