import type { LookupAddress } from 'node:dns';
import { open, stat } from 'node:fs/promises';

/** Most bytes of a secret, key file or key set: more is a mistake or an attack. */
export const KEY_BYTES_LIMIT: number = 1024 * 1024;

/** Every address of a host name, as `dns.promises.lookup` gives it with `all`. */
export type HostLookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** What key loading needs of the outside. `fetch` and `lookup` stand in for the network in tests. */
export interface KeyIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Rejects with a system error (`code`) when the file cannot be read. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Permission bits, null where there are none. */
  readonly fileMode: (path: string) => Promise<number | null>;
  readonly fetch?: typeof fetch;
  readonly lookup?: HostLookup;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Reads a file or pipe, but never much more than the limit: `/dev/zero` must not fill the memory. */
const readBounded = async (path: string): Promise<Uint8Array> => {
  const handle = await open(path, 'r');
  try {
    const chunks: Uint8Array[] = [];
    let total = 0;
    while (total <= KEY_BYTES_LIMIT) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      total += bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
};

/** The real file system and network; `now` in seconds since the epoch. */
export const nodeKeyIo = (env: KeyIo['env'], now: number): KeyIo => ({
  env,
  readFile: readBounded,
  fileMode: async (path) => {
    try {
      const stats = await stat(path);
      return process.platform === 'win32' || !stats.isFile() ? null : stats.mode & 0o777;
    } catch {
      return null;
    }
  },
  now,
});
