import type { Chart } from './chart.ts';
import { button, el } from './element.ts';

const STEP = 0.5;

/** Buttons that do for keys, fingers and screen readers what dragging does for a mouse. */
export const rangeControls = (title: string, chart: Chart): HTMLElement => {
  const move = (part: number): void => {
    const [from, to] = chart.shown();
    const by = (to - from) * part;
    chart.show([from + by, to + by]);
  };
  const zoom = (factor: number): void => {
    const [from, to] = chart.shown();
    const [middle, half] = [(from + to) / 2, ((to - from) / 2) * factor];
    chart.show([middle - half, middle + half]);
  };
  return el(
    'div',
    { class: 'controls', role: 'group', 'aria-label': `Range of time: ${title}` },
    el('span', { class: 'hint' }, 'Drag over the chart to choose a time'),
    button('Earlier', () => move(-STEP)),
    button('Later', () => move(STEP)),
    button('Closer', () => zoom(STEP)),
    button('Wider', () => zoom(1 / STEP)),
    button('All', () => chart.show(null)),
  );
};
