import { createChart } from './chart.ts';
import { rangeControls } from './controls.ts';
import { el, formatCount, plural } from './element.ts';
import type { TimelineSection } from './island.ts';
import { chooseRange, chosenRange, type Range } from './range.ts';
import { coarser, countsWithin, stackOf, stepText } from './stack.ts';
import { createTable } from './table.ts';
import type { Zone } from './zone.ts';

/** Steps side by side that can still be told apart. */
const MOST_SHOWN = 160;

/** Counts over time as stacked steps, with the numbers of what is shown in words. */
export const createTimeline = (
  section: TimelineSection,
  zone: Zone,
): { readonly elements: readonly HTMLElement[]; readonly start: () => void } => {
  const whole: Range = [section.from[0]!, section.from.at(-1)! + section.step];
  const stepsIn = ([first, end]: Range): TimelineSection =>
    coarser(section, end - first, MOST_SHOWN);
  let drawn = stepsIn(chosenRange() ?? whole);
  const readout = el('p', { class: 'readout', role: 'status' });
  const point = el('p', { class: 'point', 'aria-hidden': 'true' });
  const tell = (range: Range | null): void => {
    const [first, end] = range ?? whole;
    const counts = countsWithin(section, first - section.step + 1, end);
    const parts = counts
      .filter(({ count }) => count > 0)
      .map(({ name, count }) => `${name} ${formatCount(count)}`);
    const sum = counts.reduce((total, { count }) => total + count, 0);
    const what = range === null ? 'All' : 'Chosen';
    const tokens = [plural(sum, 'token'), ...parts].join(', ');
    readout.textContent = `${what}, in steps of ${stepText(drawn.step)}: ${zone.stamp(first)} to ${zone.stamp(end)}. ${tokens}.`;
  };
  const { x, tops } = stackOf(drawn);
  const chart = createChart({
    zone,
    x,
    whole,
    series: drawn.series
      .toReversed()
      .map(({ name }, at) => ({ colour: `v-${name}`, values: tops[at]! })),
    view: chosenRange(),
    least: section.step * 2,
    onView: (range) => {
      const steps = stepsIn(range ?? whole);
      if (steps.step !== drawn.step) {
        drawn = steps;
        const stack = stackOf(drawn);
        chart.replace(stack.x, stack.tops);
      }
      tell(range);
      chooseRange(range);
    },
    onPoint: (seconds) => {
      point.textContent = seconds === null ? '' : pointText(drawn, zone, seconds);
    },
  });
  tell(chosenRange());
  const legend = el(
    'ul',
    { class: 'legend' },
    ...section.series.map(({ name }) =>
      el('li', {}, el('span', { class: `swatch v-${name}` }), name),
    ),
  );
  const elements = [
    rangeControls(section.title, chart),
    chart.element,
    el('div', { class: 'under' }, legend, point),
    readout,
    asTable(section, zone),
  ];
  return { elements, start: chart.start };
};

const pointText = (section: TimelineSection, zone: Zone, seconds: number): string => {
  const { step, from, series } = section;
  const at = from.findLastIndex((begin) => begin <= seconds);
  if (at < 0 || seconds >= from[at]! + step) return zone.stamp(seconds);
  const counts = series
    .filter(({ counts: all }) => all[at]! > 0)
    .map(({ name, counts: all }) => `${name} ${formatCount(all[at]!)}`);
  return `${zone.stamp(from[at]!)}  ${counts.join(', ')}`;
};

/** The same numbers for whoever can't see the chart. */
const asTable = ({ id, title, from, series }: TimelineSection, zone: Zone): HTMLElement => {
  const folded = el('details', { class: 'numbers' }, el('summary', {}, 'The same in numbers'));
  const fill = (): void => {
    if (folded.childElementCount > 1) return;
    const table = createTable(
      {
        kind: 'table',
        id: `${id}-numbers`,
        title: `${title}, in numbers`,
        about: null,
        columns: [
          { title: 'From', type: 'time' },
          ...series.map(({ name }) => ({ title: name, type: 'count' as const })),
        ],
        rows: from.map((begin, at) => [
          zone.stamp(begin),
          ...series.map(({ counts }) => counts[at]!),
        ]),
      },
      zone,
    );
    folded.append(...table);
  };
  folded.addEventListener('toggle', fill);
  return folded;
};
