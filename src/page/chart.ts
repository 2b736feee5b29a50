import uPlot from 'uplot';
import { colour, onColours } from './appearance.ts';
import { formatCount } from './element.ts';
import type { Range } from './range.ts';
import type { Zone } from './zone.ts';

export interface ChartOptions {
  readonly zone: Zone;
  readonly x: readonly number[];
  /** Drawn in this order, each filled down to 0; `colour` is a variable of the style. */
  readonly series: readonly { readonly colour: string; readonly values: readonly number[] }[];
  /** The widest view. */
  readonly whole: Range;
  readonly view: Range | null;
  /** The least seconds that a view may span. */
  readonly least: number;
  /** Told of the span that is shown now; null for all. */
  readonly onView: (range: Range | null) => void;
  /** Told of the moment under the pointer, null when it leaves. */
  readonly onPoint: (seconds: number | null) => void;
}

export interface Chart {
  readonly element: HTMLElement;
  readonly show: (range: Range | null) => void;
  readonly shown: () => Range;
  /** Other steps and series in place of those before. */
  readonly replace: (x: readonly number[], values: readonly (readonly number[])[]) => void;
  /** To be called when the element is in the page: only then its width is known. */
  readonly start: () => void;
}

const HEIGHT = 220;
/** As the style has it. */
const FONT = '12px system-ui, sans-serif';

/** Draws steps over time; a drag with the pointer shows the dragged span. */
export const createChart = (options: ChartOptions): Chart => {
  const { x, series, whole } = options;
  let data = dataOf(
    x,
    series.map(({ values }) => values),
  );
  const element = document.createElement('div');
  element.className = 'chart';
  element.setAttribute('aria-hidden', 'true');
  let view: Range = options.view ?? whole;
  let plot: uPlot | null = null;

  const draw = (): void => {
    plot?.destroy();
    plot = new uPlot(configOf(options, element.clientWidth, show), data, element);
    plot.setScale('x', { min: view[0], max: view[1] });
  };
  const show = (range: Range | null): void => {
    view = range === null ? whole : within(range, whole, options.least);
    plot?.setScale('x', { min: view[0], max: view[1] });
    options.onView(isWhole(view, whole) ? null : view);
  };
  const start = (): void => {
    draw();
    onColours(draw);
    const watcher = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== plot?.width) {
        plot?.setSize({ width: element.clientWidth, height: HEIGHT });
      }
    });
    watcher.observe(element);
  };
  const replace: Chart['replace'] = (steps, values) => {
    data = dataOf(steps, values);
    plot?.setData(data, false);
    plot?.setScale('x', { min: view[0], max: view[1] });
  };
  return { element, show, shown: () => view, replace, start };
};

const dataOf = (x: readonly number[], values: readonly (readonly number[])[]): uPlot.AlignedData =>
  [x, ...values] as uPlot.AlignedData;

const isWhole = (view: Range, whole: Range): boolean => view[0] <= whole[0] && view[1] >= whole[1];

/** The span, moved into the whole and not narrower than can be told apart. */
const within = ([from, to]: Range, [first, last]: Range, least: number): Range => {
  const width = Math.min(Math.max(to - from, least), last - first);
  const start = Math.min(Math.max(from, first), last - width);
  return [start, start + width];
};

const configOf = (
  { series, zone, onPoint }: ChartOptions,
  width: number,
  show: (range: Range | null) => void,
): uPlot.Options => {
  const axis = {
    stroke: colour('dim-text'),
    font: FONT,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  const stepped = uPlot.paths.stepped!({ align: 1 });
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => zone.date(seconds),
    legend: { show: false },
    padding: [8, 8, 0, 0],
    scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.05)] } },
    axes: [
      { ...axis, space: 72, values: TIMES, grid: { show: false } },
      {
        ...axis,
        size: 56,
        space: 40,
        incrs: WHOLE_STEPS,
        values: (_plot, ticks) => ticks.map((tick) => formatCount(tick)),
      },
    ],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    series: [
      {},
      ...series.map(({ colour: name }) => ({
        fill: colour(name),
        stroke: colour(name),
        width: 0,
        paths: stepped,
        points: { show: false },
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: dragged } = plot.select;
          if (dragged < 4) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          show([plot.posToVal(left, 'x'), plot.posToVal(left + dragged, 'x')]);
        },
      ],
      setCursor: [
        (plot) => {
          const { left } = plot.cursor;
          onPoint(left === undefined || left < 0 ? null : plot.posToVal(left, 'x'));
        },
      ],
    },
  };
};

/** Counts have no halves. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((n) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((e) => n * 10 ** e))
  .sort((a, b) => a - b);

const DAY = 86_400;
/** How times stand under a chart, by the space between two: a day without its month says little, so it has it. */
const TIMES: uPlot.Axis.Values = [
  [DAY * 365, '{YYYY}', null, null, null, null, null, null, 1],
  [DAY * 28, '{MMM} {YYYY}', null, null, null, null, null, null, 1],
  [DAY, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [3600, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
];
