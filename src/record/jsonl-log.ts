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
import { Turn } from './turn.ts';

export interface JsonlOptions {
  readonly durability: Durability;
  /** Held while a chain is written, null for a log without one. */
  readonly lock: Lock | null;
  readonly onNotice: (message: string) => void;
  readonly syncFile?: SyncFile;
}

/** Events in a file, one line of JSON each, whole lines in each write. */
export class JsonlLog implements EventLog {
  readonly #file: AppendFile;
  readonly #lock: Lock | null;
  #writer: string = randomBytes(8).toString('base64url');
  #seq = 0;
  #prev: string | null = null;
  readonly #turn = new Turn<RecordedEvent>((events) => this.#write(events));

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
    return this.#lock === null ? this.#turn.add(event) : this.#appendLink(event);
  }

  async reopen(): Promise<void> {
    await this.#turn.end();
    await this.#file.reopen();
  }

  async close(): Promise<void> {
    try {
      await this.#turn.end();
      await this.#file.close();
    } finally {
      this.#lock?.release();
    }
  }

  /** Whole lines by one write. */
  #write(events: readonly RecordedEvent[]): Promise<void> {
    const lines = events.map((event, at) => `${this.#encode(event, this.#seq + at + 1)}\n`);
    try {
      this.#file.write(Buffer.from(lines.join('')));
    } catch (error) {
      // Some of them may be in the file, so their numbers are not given again.
      if (events.length > 1) this.#beginWriter();
      throw error;
    }
    this.#seq += events.length;
    return this.#file.durable();
  }

  /** At once and alone: the next link depends on whether this one is in the file. */
  async #appendLink(event: RecordedEvent): Promise<void> {
    const { line, hash } = chainLine(this.#encode(event, this.#seq + 1), this.#prev);
    this.#file.write(line);
    this.#prev = hash;
    this.#seq += 1;
    await this.#file.durable();
  }

  #encode(event: RecordedEvent, seq: number): string {
    const id = event.event_id === '' ? `${this.#writer}-${seq}` : event.event_id;
    const text = encodeBounded({ ...event, schema: EVENT_SCHEMA, event_id: id });
    return `${text.slice(0, -1)},"writer":"${this.#writer}","seq":${seq}}`;
  }

  #beginWriter(): void {
    this.#writer = randomBytes(8).toString('base64url');
    this.#seq = 0;
  }

  #continueChain(file: OpenFile): void {
    const last = lastLink(file);
    if (last === null) return;
    this.#writer = last.writer;
    this.#seq = last.seq;
    this.#prev = last.hash;
  }
}
