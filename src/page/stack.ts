import type { TimelineSection } from './island.ts';

/** Steps as a chart needs them: without holes, and each series on top of those before it. */
export interface Stack {
  readonly x: readonly number[];
  /** As many as there are series, the highest first: what is drawn later covers what lies below it. */
  readonly tops: readonly (readonly number[])[];
}

/** Where nothing happened the count is 0: that has to be said once after a step, and once before the next. */
export const stackOf = ({ step, from, series }: TimelineSection): Stack => {
  const x: number[] = [];
  const places: number[] = [];
  const put = (at: number, place: number): void => {
    x.push(at);
    places.push(place);
  };
  for (const [place, at] of from.entries()) {
    const end = place === 0 ? at - step : from[place - 1]! + step;
    if (end < at) put(end, -1);
    put(at, place);
  }
  if (from.length > 0) put(from.at(-1)! + step, -1);
  const sums: number[] = x.map(() => 0);
  const tops = series.map(({ counts }) => {
    for (const [at, place] of places.entries()) sums[at]! += place < 0 ? 0 : counts[place]!;
    return [...sums];
  });
  return { x, tops: tops.toReversed() };
};

/** What each series comes to in the steps that begin in a span of time. */
export const countsWithin = (
  { from, series }: TimelineSection,
  first: number,
  end: number,
): readonly { readonly name: string; readonly count: number }[] =>
  series.map(({ name, counts }) => ({
    name,
    count: counts.reduce(
      (sum, count, at) => (from[at]! >= first && from[at]! < end ? sum + count : sum),
      0,
    ),
  }));
