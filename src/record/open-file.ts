import { close, fstatSync, writeSync } from 'node:fs';
import { AuthlogError } from '../errors.ts';
import { systemReason } from '../source/system-error.ts';
import { openSafely } from './safe-file.ts';
import { isTorn, readAt } from './tail.ts';

const LF = 0x0a;
const NEWLINE = Buffer.from([LF]);
const SEARCHED = 2 ** 25;

/** One file that is open to be appended to by whole lines. */
export class OpenFile {
  readonly fd: number;
  readonly path: string;
  readonly #device: number;
  readonly #inode: number;
  /** Where our last lines ended; never the middle of another process's. */
  #end: number;
  #torn: boolean;

  constructor(path: string) {
    const { fd, stats } = openSafely(path);
    this.path = path;
    this.fd = fd;
    this.#device = stats.dev;
    this.#inode = stats.ino;
    this.#end = stats.size;
    this.#torn = isTorn(fd, stats.size);
  }

  get size(): number {
    return fstatSync(this.fd).size;
  }

  isSame(found: { readonly dev: number; readonly ino: number }): boolean {
    return found.dev === this.#device && found.ino === this.#inode;
  }

  /** Appends whole lines by one write, on a line of their own; throws OUTPUT where they did not get in. */
  write(lines: Buffer): void {
    // Looked at again: the file was emptied, or what looked torn was another process's write under way.
    const torn = this.#torn && isTorn(this.fd, this.size);
    const bytes = torn ? Buffer.concat([NEWLINE, lines]) : lines;
    let written: number;
    try {
      written = writeSync(this.fd, bytes);
    } catch (error) {
      throw new AuthlogError('OUTPUT', `cannot write ${this.path}: ${systemReason(error)}`);
    }
    // Of a torn file's repair alone, the line break, nothing is left to repair.
    if (written > 0) this.#torn = written < bytes.length && !(torn && written === 1);
    // All but the line break is all: the next write begins with it.
    if (written >= bytes.length - 1) return;
    throw new AuthlogError(
      'OUTPUT',
      `cannot write ${this.path}: it took only ${written} of ${bytes.length} bytes`,
      'The disk is full, or a quota is used up.',
    );
  }

  /**
   * Whether the lines just written begin a line: another process that was killed in the middle of
   * its own write may have left half a line before them.
   */
  beginsLine(lines: Buffer): boolean {
    const { size } = this;
    const follows = this.#end + lines.length === size;
    this.#end = size;
    if (follows) return true;
    for (let span = lines.length + 4096; ; span *= 8) {
      const from = Math.max(0, size - span);
      const region = readAt(this.fd, from, size - from);
      const at = region.lastIndexOf(lines);
      if (at > 0 || (at === 0 && from === 0)) {
        // What others added meanwhile may be half a line.
        this.#end = from + at + lines.length;
        return at === 0 || region[at - 1] === LF;
      }
      // Not there at all: the file was emptied under us.
      if (from === 0 || span > SEARCHED) return true;
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      close(this.fd, () => resolve());
    });
  }
}
