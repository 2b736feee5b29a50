import { createChart } from './chart.ts';
import { rangeControls } from './controls.ts';
import { el, formatCount } from './element.ts';
import type { StepsSection } from './island.ts';
import type { Range } from './range.ts';
import type { Zone } from './zone.ts';

const DAY = 86_400;

/** A number that changes in steps, with what it is at both ends in words. */
export const createSteps = (
  { title, at, values, unit, view }: StepsSection,
  zone: Zone,
): { readonly elements: readonly HTMLElement[]; readonly start: () => void } => {
  const readout = el('p', { class: 'readout', role: 'status' });
  const point = el('p', { class: 'point', 'aria-hidden': 'true' });
  const valueAt = (seconds: number): number =>
    values[
      Math.max(
        0,
        at.findLastIndex((begin) => begin <= seconds),
      )
    ] ?? 0;
  const tell = (range: Range | null): void => {
    const [from, to] = range ?? [at[0] ?? 0, at.at(-1) ?? 0];
    readout.textContent = `${formatCount(valueAt(from))} ${unit} at ${zone.stamp(from)}, ${formatCount(valueAt(to))} at ${zone.stamp(to)}`;
  };
  const chart = createChart({
    zone,
    x: at,
    whole: [at[0] ?? 0, at.at(-1) ?? 1],
    series: [{ colour: 'accent-soft', values }],
    view,
    least: DAY,
    onView: tell,
    onPoint: (seconds) => {
      point.textContent =
        seconds === null ? '' : `${zone.stamp(seconds)}  ${formatCount(valueAt(seconds))} ${unit}`;
    },
  });
  tell(view);
  return {
    elements: [
      rangeControls(title, chart),
      chart.element,
      el('div', { class: 'under' }, point),
      readout,
    ],
    start: chart.start,
  };
};
