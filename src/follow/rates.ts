import { VERDICTS } from '../verify/verdict.ts';
import type { Totals } from '../summarize/summary.ts';

/** How much came in a second, of late. */
export interface Rates {
  readonly lines: number;
  readonly tokens: number;
  /** In the order of `VERDICTS`. */
  readonly verdicts: readonly number[];
}

const SPAN_MS = 5000;

/** Rates over the last seconds. */
export class RateMeter {
  readonly #samples: { readonly at: number; readonly totals: Totals }[] = [];

  /** @param at milliseconds of a clock that only goes forward */
  measure(at: number, totals: Totals): Rates {
    const samples = this.#samples;
    samples.push({ at, totals });
    while (samples.length > 2 && samples[1]!.at <= at - SPAN_MS) samples.shift();
    const first = samples[0]!;
    const seconds = Math.max(0.001, (at - first.at) / 1000);
    const rate = (now: number, before: number): number =>
      at === first.at ? 0 : (now - before) / seconds;
    return {
      lines: rate(totals.lines, first.totals.lines),
      tokens: rate(totals.tokens, first.totals.tokens),
      verdicts: VERDICTS.map((name) => rate(totals.verdicts[name], first.totals.verdicts[name])),
    };
  }
}
