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

/** Seconds that people count in; those that a step does not fit into are passed over. */
const NICE: readonly number[] = [
  60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600,
  2_419_200, 31_449_600, 314_496_000, 3_144_960_000,
];

/** The same counts in steps so wide that a span holds at most so many of them. */
export const coarser = (section: TimelineSection, span: number, most: number): TimelineSection => {
  const { from, series } = section;
  const step =
    NICE.find((width) => width % section.step === 0 && span / width <= most) ?? section.step;
  if (step <= section.step) return section;
  const starts: number[] = [];
  const places = from.map((at) => {
    const start = Math.floor(at / step) * step;
    if (starts.at(-1) !== start) starts.push(start);
    return starts.length - 1;
  });
  const summed = series.map(({ name, counts }) => {
    const sums = starts.map(() => 0);
    for (const [at, count] of counts.entries()) sums[places[at]!]! += count;
    return { name, counts: sums };
  });
  return { ...section, step, from: starts, series: summed };
};

const UNITS: readonly (readonly [seconds: number, one: string])[] = [
  [604_800, 'week'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** `1 minute`, `3 hours`. */
export const stepText = (seconds: number): string => {
  const [unit, name] = UNITS.find(([size]) => seconds % size === 0) ?? [1, 'second'];
  return seconds === unit ? `1 ${name}` : `${seconds / unit} ${name}s`;
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
