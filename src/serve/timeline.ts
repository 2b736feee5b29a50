import { rfc3339 } from '../summarize/time.ts';
import type { Verdict } from '../verify/verdict.ts';
import { addVerdict, type VerdictCounts } from './tally.ts';

/** What happened from `start` on, for one step of the timeline. */
export interface Moment {
  readonly start: string;
  readonly verdicts: VerdictCounts;
}

const MINUTE = 60_000;
const STEPS = [1, 5, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60, 365 * 24 * 60].map(
  (minutes) => minutes * MINUTE,
);
const MOST = 240;

/** Verdicts over time, in steps that grow with the time that they have to cover. */
export class TimelineTally {
  #step = 0;
  #moments = new Map<number, VerdictCounts>();

  /** @param time milliseconds */
  add(time: number, verdict: Verdict): void {
    const start = this.#startOf(time);
    let counts = this.#moments.get(start);
    if (counts === undefined) {
      counts = {};
      this.#moments.set(start, counts);
    }
    addVerdict(counts, verdict);
    while (this.#moments.size > MOST && this.#step < STEPS.length - 1) this.#coarsen();
  }

  /** Seconds between the starts of two neighbours. */
  get step(): number {
    return STEPS[this.#step]! / 1000;
  }

  /** Only moments in which something happened. */
  moments(): readonly Moment[] {
    return [...this.#moments]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([start, verdicts]) => {
        const shown = rfc3339(start);
        return shown === null ? [] : [{ start: shown, verdicts }];
      });
  }

  #startOf(time: number): number {
    const step = STEPS[this.#step]!;
    return Math.floor(time / step) * step;
  }

  #coarsen(): void {
    this.#step++;
    const finer = this.#moments;
    this.#moments = new Map();
    for (const [start, counts] of finer) {
      const coarse = this.#startOf(start);
      const sum = this.#moments.get(coarse) ?? {};
      for (const [verdict, count] of Object.entries(counts)) {
        sum[verdict as Verdict] = (sum[verdict as Verdict] ?? 0) + count;
      }
      this.#moments.set(coarse, sum);
    }
  }
}
