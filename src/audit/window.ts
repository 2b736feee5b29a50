import type { Use } from './use.ts';

/**
 * State by key. A key that was not asked for longer than `span` (milliseconds) is forgotten, and so is the one that
 * was idle longest where there are more than `most`: of that `onBound` is told.
 */
export class KeyedState<S> {
  readonly #span: number;
  readonly #half: number;
  readonly #make: () => S;
  readonly #onBound: () => void;
  #young = new Map<string, S>();
  #old = new Map<string, S>();
  #since = Number.NEGATIVE_INFINITY;

  constructor(span: number, most: number, make: () => S, onBound: () => void) {
    this.#span = span;
    this.#half = Math.max(1, most >> 1);
    this.#make = make;
    this.#onBound = onBound;
  }

  /** The state of a key at `time`, made where there is none. */
  at(key: string, time: number): S {
    const state = this.peek(key, time);
    if (state !== undefined) return state;
    const made = this.#make();
    this.#young.set(key, made);
    return made;
  }

  /** The state of a key where there is one. */
  peek(key: string, time: number): S | undefined {
    if (time - this.#since >= this.#span) this.#turn(time);
    else if (this.#young.size >= this.#half) {
      if (this.#old.size > 0) this.#onBound();
      this.#turn(time);
    }
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#old.delete(key);
      this.#young.set(key, old);
    }
    return old;
  }

  /** All that is kept. */
  *values(): IterableIterator<S> {
    yield* this.#old.values();
    yield* this.#young.values();
  }

  // What stays in the older half was not asked for since the last turn.
  #turn(time: number): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#since = time;
  }
}

/** Whether `least` uses lie within less than `span` milliseconds: exact, and keeps no more than `least` of them. */
export class CountWindow {
  readonly #span: number;
  readonly #least: number;
  #uses: Use[] = [];

  constructor(span: number, least: number) {
    this.#span = span;
    this.#least = least;
  }

  /** Adds a use; the uses that reach the number, null where they do not. */
  add(use: Use): readonly Use[] | null {
    this.#uses = this.#uses.filter(({ time }) => use.time - time < this.#span);
    this.#uses.push(use);
    if (this.#uses.length > this.#least) this.#uses.shift();
    return this.#uses.length >= this.#least ? [...this.#uses] : null;
  }
}

/** Whether uses with `least` different values lie within less than `span` milliseconds: exact, and keeps no more than those. */
export class DistinctWindow {
  readonly #span: number;
  readonly #least: number;
  /** The uses within the span while they are fewer than `least`: then so are their values, and most windows know no others. */
  #few: Use[] | null = null;
  /** The value of each. */
  #values: string[] | null = null;
  /** Then the last use of each value, the oldest first. */
  #last: Map<string, Use> | null = null;

  constructor(span: number, least: number) {
    this.#span = span;
    this.#least = least;
  }

  /** Adds a use with its value; the uses that reach the number, null where they do not. */
  add(value: string, use: Use): readonly Use[] | null {
    if (this.#last !== null) this.#put(value, use);
    else if (!this.#fill(value, use)) return null;
    const last = this.#last!;
    for (const old of last.keys()) {
      if (last.size <= this.#least && use.time - last.get(old)!.time < this.#span) break;
      last.delete(old);
    }
    return last.size >= this.#least ? [...last.values()] : null;
  }

  /** True where the uses are no longer few. */
  #fill(value: string, use: Use): boolean {
    // Most windows never see a second one: a literal has no room to spare.
    const few = (this.#few ??= [use]);
    const values = (this.#values ??= [value]);
    const end = few.length - 1;
    if (few[end] !== use) {
      if (values[end] === value) few[end] = use;
      else {
        few.push(use);
        values.push(value);
      }
      while (few.length > 1 && use.time - few[0]!.time >= this.#span) {
        few.shift();
        values.shift();
      }
    }
    if (few.length < this.#least) return false;
    this.#few = null;
    this.#values = null;
    this.#last = new Map();
    for (const [i, one] of few.entries()) this.#put(values[i]!, one);
    return true;
  }

  #put(value: string, use: Use): void {
    this.#last!.delete(value);
    this.#last!.set(value, use);
  }
}
