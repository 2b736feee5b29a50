import type { Use } from './use.ts';

/** Uses that wait at most: a log all of one moment must not fill the memory. */
const MOST_WAITING = 25_000;

/**
 * Puts uses in the order of their time, as far as they are late by less than `lateness` milliseconds. Later ones are
 * handed on at once. Uses of one moment keep their order; those without a time pass where they stand.
 */
export class Timeline {
  readonly #lateness: number;
  readonly #sink: (use: Use) => void;
  /** A binary heap: the earliest first, of one moment the first that came. */
  readonly #heap: { readonly use: Use; readonly order: number }[] = [];
  #count = 0;
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
    this.#push(use);
    const due = this.#newest - this.#lateness;
    while (this.#heap.length > 0 && this.#heap[0]!.use.time <= due) this.#release();
    if (this.#heap.length > MOST_WAITING) this.#release();
  }

  /** Hands on all that waits. */
  finish(): void {
    while (this.#heap.length > 0) this.#release();
  }

  #push(use: Use): void {
    const heap = this.#heap;
    const entry = { use, order: this.#count++ };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, entry)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #release(): void {
    const heap = this.#heap;
    const { use } = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
        if (isBefore(last, heap[child]!)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
    }
    if (use.time > this.#released) this.#released = use.time;
    this.#sink(use);
  }
}

const isBefore = (
  a: { readonly use: Use; readonly order: number },
  b: { readonly use: Use; readonly order: number },
): boolean => a.use.time < b.use.time || (a.use.time === b.use.time && a.order < b.order);
