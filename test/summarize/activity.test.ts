import { describe, expect, test } from 'vitest';
import { ActivityTally, type Activity } from '../../src/summarize/activity.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { judged, numberedUses } from './activity-blocks.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 20);

const seen = (uses: readonly (readonly [time: number, verdict: Verdict])[]): Activity => {
  const tally = new ActivityTally();
  for (const [time, verdict] of uses) tally.see(time, verdict);
  return tally.result();
};

describe('verdicts over time', () => {
  test('are counted by the minute where that is not too fine', () => {
    const activity = seen([
      [START, 'valid'],
      [START + 59_999, 'expired'],
      [START + 2 * MINUTE, 'valid'],
      [Number.NaN, 'valid'],
    ]);
    expect(activity).toEqual({
      step: 60,
      from: [START / 1000, START / 1000 + 120],
      series: [
        { name: 'valid', counts: [1, 1] },
        { name: 'expired', counts: [1, 0] },
      ],
      untimed: 1,
    });
  });

  test('come in wider steps where there are more, and none is lost', () => {
    const { step, from, series } = seen(
      Array.from({ length: 5000 }, (_, at) => [START + at * MINUTE, 'valid'] as const),
    );
    expect(step).toBe(900);
    expect(from).toHaveLength(334);
    expect(series[0]!.counts.reduce((sum, n) => sum + n, 0)).toBe(5000);
  });

  test('a whole history of ten thousand years is bounded too', () => {
    const { from } = seen(
      Array.from({ length: 9000 }, (_, year) => [Date.UTC(1000 + year), 'valid'] as const),
    );
    expect(from.length).toBeLessThanOrEqual(720);
  });

  test('are the same in any order, and for blocks as for single uses', () => {
    const uses = numberedUses(4000, START);
    const forward = seen(uses);
    expect(seen(uses.toReversed())).toEqual(forward);
    for (const size of [1, 7, 4000]) {
      const tally = new ActivityTally();
      for (let at = 0; at < uses.length; at += size) tally.add(judged(uses.slice(at, at + size)));
      expect(tally.result()).toEqual(forward);
    }
  });
});
