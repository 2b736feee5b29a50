import { randomBytes } from 'node:crypto';
import { EVENT_SCHEMA } from '../event/event.ts';
import { AppendFile } from './append-file.ts';
import type { Durability } from './choices.ts';
import { encodeBounded } from './bounded.ts';
import { chainLine } from './chain.ts';
import type { EventLog, RecordedEvent } from './event-log.ts';
import { inspectEvents, lastLink } from './inspect.ts';
import type { Lock } from './lock.ts';
import type { OpenFile } from './open-file.ts';
import type { SyncFile } from './syncer.ts';

export interface JsonlOptions {
  readonly durability: Durability;
  /** Held while a chain is written, null for a log without one. */
  readonly lock: Lock | null;
  readonly onNotice: (message: string) => void;
  readonly syncFile?: SyncFile;
}

/** Events in a file, one line of JSON each, written by one write each. */
export class JsonlLog implements EventLog {
  readonly #file: AppendFile;
  readonly #lock: Lock | null;
  #writer: string = randomBytes(8).toString('base64url');
  #seq = 0;
  #prev: string | null = null;

  constructor(path: string, { lock, onNotice, ...options }: JsonlOptions) {
    this.#lock = lock;
    let isFirst = true;
    const inspect = (file: OpenFile): void => {
      inspectEvents(file, lock !== null, onNotice);
      // After a rotation the chain goes on from what is remembered.
      if (isFirst && lock !== null) this.#continueChain(file);
      isFirst = false;
    };
    this.#file = new AppendFile(path, { ...options, shared: lock === null, inspect });
  }

  append(event: RecordedEvent): Promise<void> {
    try {
      const seq = this.#seq + 1;
      const id = event.event_id === '' ? `${this.#writer}-${seq}` : event.event_id;
      const text = encodeBounded({ ...event, schema: EVENT_SCHEMA, event_id: id });
      const json = `${text.slice(0, -1)},"writer":"${this.#writer}","seq":${seq}}`;
      if (this.#lock === null) {
        this.#file.write(Buffer.from(`${json}\n`));
      } else {
        const { line, hash } = chainLine(json, this.#prev);
        this.#file.write(line);
        this.#prev = hash;
      }
      this.#seq = seq;
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#file.durable();
  }

  reopen(): Promise<void> {
    return this.#file.reopen();
  }

  async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      this.#lock?.release();
    }
  }

  #continueChain(file: OpenFile): void {
    const last = lastLink(file);
    if (last === null) return;
    this.#writer = last.writer;
    this.#seq = last.seq;
    this.#prev = last.hash;
  }
}
