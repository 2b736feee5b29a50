import { lstatSync } from 'node:fs';
import { AuthlogError } from '../errors.ts';
import { systemReason } from '../source/system-error.ts';
import type { Durability } from './choices.ts';
import { OpenFile } from './open-file.ts';
import { Syncer, type SyncFile } from './syncer.ts';

export interface AppendOptions {
  readonly durability: Durability;
  /** Other processes may append to the same file. */
  readonly shared: boolean;
  /** Throws where an existing file is not one of ours to append to. */
  readonly inspect: (file: OpenFile) => void;
  readonly syncFile?: SyncFile;
}

const NEWLINE = 0x0a;
const INTERVAL_MS = 1000;
const DONE: Promise<void> = Promise.resolve();

/** Appends whole lines to a file, makes them durable, and goes on in a new file after a rotation. */
export class AppendFile {
  readonly #path: string;
  readonly #options: AppendOptions;
  #file: OpenFile;
  #syncer: Syncer;
  #retired: Promise<void> = DONE;
  #timer: NodeJS.Timeout | null = null;
  /** Once the disk did not keep what it took, nothing can be promised any more. */
  #failure: AuthlogError | null = null;
  #closed = false;
  #lookedAt = 0;
  #isGone = false;
  #mustReopen = false;

  constructor(path: string, options: AppendOptions) {
    this.#path = path;
    this.#options = options;
    this.#file = this.#open();
    this.#syncer = new Syncer(this.#file.fd, options.syncFile);
  }

  /** Writes whole lines by one write; throws OUTPUT where one of them may not be in the file. */
  write(lines: Buffer): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed) throw new AuthlogError('OUTPUT', `${this.#path} was closed`);
    this.#followRotation();
    this.#file.write(lines);
    if (!this.#options.shared) return;
    if (this.#file.beginsLine(lines)) return;
    // Glued to what another process left: only the first line was spoilt.
    const first = lines.subarray(0, lines.indexOf(NEWLINE) + 1);
    for (let again = 0; again < 3; again++) {
      this.#file.write(first);
      if (this.#file.beginsLine(first)) return;
    }
  }

  /** Resolves when what was written before is as safe as promised. */
  durable(): Promise<void> {
    if (this.#options.durability === 'none') return DONE;
    if (this.#options.durability === 'always') return this.#commit(this.#syncer);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#commit(this.#syncer).catch(() => undefined);
    }, INTERVAL_MS).unref();
    return DONE;
  }

  /** Makes all durable, and opens the path anew where another file, or none, is there now. */
  async reopen(): Promise<void> {
    if (this.#closed) return;
    const found = lstatSync(this.#path, { throwIfNoEntry: false });
    if (found === undefined || !this.#file.isSame(found)) this.#swap();
    else if (this.#options.durability !== 'none') await this.#commit(this.#syncer);
    await this.#retired;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#retire();
    await this.#retired;
    if (this.#failure !== null) throw this.#failure;
  }

  #open(): OpenFile {
    const file = new OpenFile(this.#path);
    try {
      this.#options.inspect(file);
    } catch (error) {
      void file.close();
      throw error;
    }
    return file;
  }

  /** Looks at most once a second whether the path still names our file. */
  #followRotation(): void {
    if (!this.#mustReopen) {
      const now = Date.now();
      if (now >= this.#lookedAt && now < this.#lookedAt + INTERVAL_MS) return;
      this.#lookedAt = now;
      const found = lstatSync(this.#path, { throwIfNoEntry: false });
      const wasGone = this.#isGone;
      this.#isGone = found === undefined;
      if (found !== undefined && this.#file.isSame(found)) return;
      // Whoever renamed it is probably about to make the new one: the old one will do meanwhile.
      if (found === undefined && !wasGone) return;
    }
    this.#mustReopen = true;
    this.#swap();
  }

  #swap(): void {
    const file = this.#open();
    this.#retire();
    this.#file = file;
    this.#syncer = new Syncer(file.fd, this.#options.syncFile);
    this.#mustReopen = false;
    this.#isGone = false;
  }

  #retire(): void {
    const [file, syncer, before] = [this.#file, this.#syncer, this.#retired];
    const synced = this.#options.durability === 'none' ? DONE : this.#commit(syncer);
    this.#retired = synced
      .catch(() => undefined)
      .then(() => file.close())
      .then(() => before);
  }

  async #commit(syncer: Syncer): Promise<void> {
    try {
      await syncer.commit();
    } catch (error) {
      this.#failure ??= new AuthlogError(
        'OUTPUT',
        `the disk did not keep ${this.#path}: ${systemReason(error)}`,
        'What was recorded in the last second may be lost; nothing more is recorded until a restart.',
      );
    }
    if (this.#failure !== null) throw this.#failure;
  }
}
