import type { JudgedBlock } from '../judge/judged.ts';
import { VERDICT_INDEX, VERDICTS, type Verdict } from '../verify/verdict.ts';

/** Verdicts over time: how often each occurred in each step that holds any. */
export interface Activity {
  /** Seconds of one step. */
  readonly step: number;
  /** Where the steps begin, in seconds since the epoch, rising. */
  readonly from: readonly number[];
  /** Verdicts that occurred, with a count for each step. */
  readonly series: readonly { readonly name: Verdict; readonly counts: readonly number[] }[];
  /** Occurrences without a time. */
  readonly untimed: number;
}

/** Each fits whole times into the next: a minute to a century. */
const STEPS: readonly number[] = [
  60, 300, 900, 3600, 21_600, 86_400, 604_800, 2_419_200, 31_449_600, 3_144_960_000,
];
const MOST_STEPS = 720;

/**
 * Counts verdicts by steps of time, as fine as a bounded number of steps allows. What comes out depends on the set
 * of what was added alone: not on its order, nor on blocks and threads.
 */
export class ActivityTally {
  #width = 0;
  #steps = new Map<number, Float64Array>();
  #untimed = 0;

  /** Counts a judged block, each entry as one use; groups of a store tell no times and are left to `see`. */
  add({ count, times, verdicts, uses }: JudgedBlock): void {
    if (uses !== undefined) return;
    let known = Number.NaN;
    let counts: Float64Array | null = null;
    for (let at = 0; at < count; at++) {
      const time = times[at]!;
      const place = this.#placeOf(time);
      // Lines stand in the order of their time, mostly.
      if (place !== known) {
        if (Number.isNaN(time)) {
          this.#untimed++;
          continue;
        }
        counts = this.#countsAt(time);
        known = this.#placeOf(time);
      }
      counts![verdicts[at]!]!++;
    }
  }

  /** Counts one use; `time` in milliseconds, NaN for none. */
  see(time: number, verdict: Verdict): void {
    if (Number.isNaN(time)) this.#untimed++;
    else this.#countsAt(time)[VERDICT_INDEX.get(verdict)!]!++;
  }

  result(): Activity {
    const step = STEPS[this.#width]!;
    const steps = [...this.#steps].toSorted(([a], [b]) => a - b);
    const series = VERDICTS.flatMap((name, index) => {
      const counts = steps.map(([, all]) => all[index]!);
      return counts.some((count) => count > 0) ? [{ name, counts }] : [];
    });
    return { step, from: steps.map(([place]) => place * step), series, untimed: this.#untimed };
  }

  #placeOf(time: number): number {
    return Math.floor(time / 1000 / STEPS[this.#width]!);
  }

  /** Of the step that has the moment; where there are too many steps already they get wider. */
  #countsAt(time: number): Float64Array {
    const place = this.#placeOf(time);
    const known = this.#steps.get(place);
    if (known !== undefined) return known;
    this.#steps.set(place, new Float64Array(VERDICTS.length));
    while (this.#steps.size > MOST_STEPS && this.#width < STEPS.length - 1) this.#widen();
    return this.#steps.get(this.#placeOf(time))!;
  }

  #widen(): void {
    const factor = STEPS[this.#width + 1]! / STEPS[this.#width]!;
    const wider = new Map<number, Float64Array>();
    for (const [place, counts] of this.#steps) {
      const into = Math.floor(place / factor);
      const sums = wider.get(into);
      if (sums === undefined) wider.set(into, counts);
      else for (const [index, count] of counts.entries()) sums[index]! += count;
    }
    this.#steps = wider;
    this.#width++;
  }
}
