import type { JudgedBlock } from '../judge/judged.ts';
import type { RecordedEvent } from '../record/event-log.ts';
import type { LineCounts } from '../store/store.ts';

/** How much goes to the store at once. */
export interface BatchLimits {
  readonly events: number;
  /** Of events as JSON. */
  readonly bytes: number;
  /** Of text, where there are few events in it. */
  readonly text: number;
}

export const BATCH_LIMITS: BatchLimits = { events: 10_000, bytes: 12 << 20, text: 256 << 20 };

/** Events and counts until they are stored. */
export class Gathered {
  readonly events: RecordedEvent[] = [];
  #bytes = 0;
  #text = 0;
  #lines = 0;
  #linesWithToken = 0;
  #linesSkipped = 0;
  readonly #notices: Record<string, number> = {};

  add(judged: JudgedBlock, events: readonly RecordedEvent[], text: number): void {
    for (const event of events) this.events.push(event);
    this.#bytes += judged.events?.length ?? 0;
    this.#text += text;
    this.#lines += judged.lines;
    this.#linesWithToken += judged.linesWithToken;
    this.#linesSkipped += judged.linesSkipped;
    for (const { code, count } of judged.notices) {
      this.#notices[code] = (this.#notices[code] ?? 0) + count;
    }
  }

  isFull({ events, bytes, text }: BatchLimits): boolean {
    return this.events.length >= events || this.#bytes >= bytes || this.#text >= text;
  }

  get isEmpty(): boolean {
    return this.#text === 0;
  }

  get counts(): LineCounts {
    return {
      lines: this.#lines,
      linesWithToken: this.#linesWithToken,
      linesSkipped: this.#linesSkipped,
      notices: this.#notices,
    };
  }
}
