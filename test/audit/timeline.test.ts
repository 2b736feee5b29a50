import { describe, expect, test } from 'vitest';
import { mergeUses } from '../../src/audit/merge.ts';
import { Timeline } from '../../src/audit/timeline.ts';
import type { Use } from '../../src/audit/use.ts';
import { createRandom } from '../oracle/random.ts';

const use = (time: number, line = 0): Use => ({ time, line }) as Use;
const through = (uses: readonly Use[], lateness: number): { seen: Use[]; late: number } => {
  const seen: Use[] = [];
  const timeline = new Timeline(lateness, (one) => seen.push(one));
  for (const one of uses) timeline.add(one);
  timeline.finish();
  return { seen, late: timeline.late };
};

describe('uses in the order of their time', () => {
  test('random delays below the lateness are put right, and equal times keep their order', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = createRandom(seed);
      const sent = Array.from({ length: 300 }, (_, line) => ({
        use: use(random.below(40) * 10 + line * 10, line),
        arrives: 0,
      })).map((one) => ({ ...one, arrives: one.use.time + random.below(1000) }));
      const arrived = sent.toSorted((a, b) => a.arrives - b.arrives).map((one) => one.use);
      const { seen, late } = through(arrived, 1000);
      expect(late).toBe(0);
      const places = new Map(arrived.map((one, place) => [one, place]));
      const expected = arrived.toSorted(
        (a, b) => a.time - b.time || places.get(a)! - places.get(b)!,
      );
      expect(seen).toEqual(expected);
    }
  });

  test('what is later than that is handed on at once, and counted', () => {
    const { seen, late } = through([use(0), use(5000), use(10_000), use(2000)], 1000);
    expect(seen.map(({ time }) => time)).toEqual([0, 5000, 2000, 10_000]);
    expect(late).toBe(1);
  });

  test('what has no time passes where it stands', () => {
    const { seen } = through([use(5), use(Number.NaN), use(4)], 10);
    expect(seen.map(({ time }) => time)).toEqual([Number.NaN, 4, 5]);
  });

  test('a log of one moment does not wait for ever', () => {
    const seen: Use[] = [];
    const timeline = new Timeline(1000, (one) => seen.push(one));
    for (let i = 0; i < 150_000; i++) timeline.add(use(7, i));
    expect(seen.length).toBe(125_000);
    expect(seen[1]!.line).toBe(1);
  });
});

async function* source(uses: readonly Use[], size: number): AsyncIterable<readonly Use[]> {
  for (let at = 0; at < uses.length; at += size) yield uses.slice(at, at + size);
}

test('sources that are in order themselves are merged by time, whatever their batches', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = createRandom(seed);
    const sources = Array.from({ length: 1 + random.below(5) }, () => {
      let time = random.below(100);
      return Array.from({ length: random.below(60) }, (_, i) => use((time += random.below(9)), i));
    });
    const seen: number[] = [];
    await mergeUses(
      sources.map((uses) => source(uses, 1 + random.below(7))),
      ({ time }) => seen.push(time),
    );
    const all = sources.flat().map(({ time }) => time);
    expect(seen).toEqual(all.toSorted((a, b) => a - b));
  }
});
