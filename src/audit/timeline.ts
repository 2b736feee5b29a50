import type { Use } from './use.ts';

/** Uses that wait at most: a log all of one moment must not fill the memory. */
const MOST_WAITING = 25_000;
/** Uses that were handed on and still take room. */
const MOST_RELEASED = 4096;

/**
 * Puts uses in the order of their time, as far as they are late by less than `lateness` milliseconds. Later ones are
 * handed on at once. Uses of one moment keep their order; those without a time pass where they stand.
 */
export class Timeline {
  readonly #lateness: number;
  readonly #sink: (use: Use) => void;
  /** From `#first` on those that wait, the earliest first: what comes mostly belongs near the end. */
  #waiting: Use[] = [];
  #first = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #released = Number.NEGATIVE_INFINITY;
  /** Uses that came too late to be put in their place. */
  late = 0;

  constructor(lateness: number, sink: (use: Use) => void) {
    this.#lateness = lateness;
    this.#sink = sink;
  }

  add(use: Use): void {
    const { time } = use;
    if (Number.isNaN(time)) {
      this.#sink(use);
      return;
    }
    if (time < this.#released) {
      this.late++;
      this.#sink(use);
      return;
    }
    if (time > this.#newest) this.#newest = time;
    this.#insert(use, time);
    const due = this.#newest - this.#lateness;
    while (this.#first < this.#waiting.length && this.#waiting[this.#first]!.time <= due) {
      this.#release();
    }
    if (this.#waiting.length - this.#first > MOST_WAITING) this.#release();
    if (this.#first >= MOST_RELEASED) this.#giveBack();
  }

  /** Hands on all that waits. */
  finish(): void {
    while (this.#first < this.#waiting.length) this.#release();
    this.#giveBack();
  }

  #insert(use: Use, time: number): void {
    const waiting = this.#waiting;
    const last = waiting.length - 1;
    if (last < this.#first || waiting[last]!.time <= time) {
      waiting.push(use);
      return;
    }
    let low = this.#first;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (waiting[middle]!.time <= time) low = middle + 1;
      else high = middle;
    }
    waiting.splice(low, 0, use);
  }

  #release(): void {
    const use = this.#waiting[this.#first++]!;
    if (use.time > this.#released) this.#released = use.time;
    this.#sink(use);
  }

  #giveBack(): void {
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}
