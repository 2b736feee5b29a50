import type { Verdict } from '../verify/verdict.ts';

export type VerdictCounts = Partial<Record<Verdict, number>>;

/** Counts by verdict; only what occurred is in it. */
export const addVerdict = (counts: VerdictCounts, verdict: Verdict): void => {
  counts[verdict] = (counts[verdict] ?? 0) + 1;
};

/** The first and the last moment of something, as RFC 3339 in UTC. */
export interface Span {
  first_seen: string | null;
  last_seen: string | null;
}

/** Takes a moment into a span; events come in the order of their time, those without one last. */
export const widen = (span: Span, time: string | null): void => {
  if (time === null) return;
  span.first_seen ??= time;
  span.last_seen = time;
};

/** Values by name, at most so many: the rest is counted. */
export class Bounded<T> {
  readonly #values = new Map<string, T>();
  readonly #most: number;
  /** Events whose name found no room. */
  left = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value of a name, made where there is room; null where there is none. */
  of(name: string, make: () => T): T | null {
    let value = this.#values.get(name);
    if (value !== undefined) return value;
    if (this.#values.size >= this.#most) {
      this.left++;
      return null;
    }
    value = make();
    this.#values.set(name, value);
    return value;
  }

  values(): readonly T[] {
    return [...this.#values.values()];
  }
}
