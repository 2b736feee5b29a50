import type { BlockPlace } from '../judge/judged.ts';
import type { Keeper } from '../ingest/pass.ts';
import type { Generation } from '../ingest/state.ts';
import type { PoolResult } from '../threads/pool.ts';
import type { ReadSoFar, Taker } from './growing.ts';

/** Bytes of text that are read before they count. */
const MOST_TEXT = 16 << 20;

interface Held {
  readonly result: PoolResult;
  readonly place: BlockPlace;
  readonly text: number;
  readonly recorded: boolean;
}

/** Holds judged blocks back until it is sure that they are of the file that was looked at. */
export class BlockKeeper implements Keeper {
  readonly #taker: Taker;
  readonly #read: ReadSoFar;
  readonly #nameOf: (path: string) => string;
  #held: Held[] = [];
  #text = 0;

  constructor(taker: Taker, read: ReadSoFar, nameOf: (path: string) => string) {
    this.#taker = taker;
    this.#read = read;
    this.#nameOf = nameOf;
  }

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  get isFull(): boolean {
    return this.#text >= MOST_TEXT;
  }

  take(result: PoolResult, from: Generation, text: number, path: string): boolean {
    const place = { path: this.#nameOf(path), firstLine: from.lines + 1 };
    this.#held.push({ result, place, text, recorded: from.recorded });
    this.#text += text;
    return false;
  }

  async keep(): Promise<void> {
    for (const { result, place, text, recorded } of this.#held) {
      this.#taker.take(result, place);
      this.#read.bytes += text;
      this.#read.lines += result.judged.lines;
      this.#read.recorded = recorded;
    }
    this.#held = [];
    this.#text = 0;
    await this.#taker.flush();
  }
}
