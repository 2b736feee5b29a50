import { fdatasync } from 'node:fs';

/** Makes what was written to the file durable and calls back; tests pass one that fails. */
export type SyncFile = (fd: number, done: (error: Error | null) => void) => void;

/** Group commit: all that wait for the disk share one fdatasync. */
export class Syncer {
  readonly #fd: number;
  readonly #sync: SyncFile;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(fd: number, sync: SyncFile = fdatasync) {
    this.#fd = fd;
    this.#sync = sync;
  }

  /** Resolves after an fdatasync that began after this call. */
  commit(): Promise<void> {
    this.#next ??= this.#round();
    return this.#next;
  }

  async #round(): Promise<void> {
    // What else is written in this turn of the event loop comes along.
    await (this.#running?.catch(() => undefined) ??
      new Promise((resolve) => setImmediate(resolve)));
    this.#next = null;
    const running = new Promise<void>((resolve, reject) => {
      this.#sync(this.#fd, (error) => (error === null ? resolve() : reject(error)));
    });
    this.#running = running;
    try {
      await running;
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }
}
