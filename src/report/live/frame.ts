import { VERDICTS } from '../../verify/verdict.ts';
import { bar, verdictPaint } from '../bars.ts';
import { formatCount, plural } from '../count.ts';
import { escapeText } from '../escape.ts';
import { NOT_VERIFIED } from '../overview.ts';
import type { Theme } from '../theme.ts';
import { textWidth, truncateStart } from '../width.ts';
import { expiringPart, findingPart, rejectionPart, type Part } from './panels.ts';
import { clockText, lineOf, spanText, type Span } from './spans.ts';
import type { LiveView } from './view.ts';

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Verdicts on a screen that is shared with other parts. */
const MOST_VERDICTS = 6;
const LEAST_PART = 3;
const MIB = 1 << 20;

/** The screen as exactly `rows` lines. The last column stays free: behind it a terminal would wrap. */
export const frameOf = (view: LiveView, size: Size, theme: Theme): string[] => {
  const { rows } = size;
  const columns = Math.max(1, size.columns - 1);
  const head = headLines(view, columns, theme);
  const foot = footLine(view, columns, theme);
  const room = Math.max(0, rows - head.length - 1);
  const middle =
    view.panel === 'all' ? overview(view, columns, room, theme) : alone(view, columns, room, theme);
  const lines = [...head, ...middle].slice(0, Math.max(0, rows - 1));
  while (lines.length < rows - 1) lines.push('');
  return rows > 0 ? [...lines, foot] : [];
};

const perSecond = (rate: number): string => ` ${formatCount(Math.round(rate))}/s`;

const headLines = (view: LiveView, width: number, theme: Theme): string[] => {
  const { now, running, totals, users, rates, catchingUp } = view;
  const state =
    catchingUp === null
      ? `${clockText(now)} UTC, for ${spanText(running)}`
      : `reading, ${formatCount(Math.floor(catchingUp / MIB))} MiB`;
  const name = view.sources.map((path) => (path === '-' ? 'stdin' : escapeText(path))).join(', ');
  const room = Math.max(8, width - state.length - 4);
  const source = truncateStart(name, room, theme.mark);
  const gap = ' '.repeat(Math.max(2, width - 1 - textWidth(source) - state.length));
  const numbers: readonly Span[] = [
    { text: ` ${plural(totals.lines, 'line')}` },
    { text: perSecond(rates.lines), paint: theme.strong },
    { text: `   ${plural(totals.tokens, 'token')}` },
    { text: perSecond(rates.tokens), paint: theme.strong },
    { text: `   ${formatCount(totals.distinct_tokens)} distinct   ${plural(users, 'user')}` },
  ];
  const stamps = [
    ...(view.isVerified ? [] : [NOT_VERIFIED]),
    ...(view.isPaused ? ['PAUSED: reading goes on, p shows it again'] : []),
    ...view.remarks.slice(0, 2),
  ];
  return [
    lineOf([{ text: ` ${source}`, paint: theme.strong }, { text: gap + state }], width, theme),
    lineOf(numbers, width, theme),
    ...stamps.map((text) =>
      lineOf([{ text: ` ${escapeText(text)}`, paint: theme.stamp }], width, theme),
    ),
    '',
  ];
};

const verdictLines = (view: LiveView, width: number, most: number, theme: Theme): string[] => {
  const entries = VERDICTS.map((name, index) => ({
    name,
    count: view.totals.verdicts[name],
    rate: view.rates.verdicts[index]!,
  })).filter(({ count }) => count > 0);
  if (entries.length === 0) return [` ${theme.faint('no tokens yet')}`];
  const shown = entries.toSorted((a, b) => b.count - a.count).slice(0, most);
  const largest = shown[0]!.count;
  const names = Math.max(...shown.map(({ name }) => name.length));
  const counts = Math.max(...shown.map(({ count }) => formatCount(count).length));
  const rates = Math.max(...shown.map(({ rate }) => rateText(rate).length));
  const room = Math.min(60, width - names - counts - rates - 7);
  return shown.map(({ name, count, rate }) => {
    const drawn = room < 4 ? '' : bar(count, largest, room, theme.unicode);
    const spans: readonly Span[] = [
      { text: ` ${name.padEnd(names)} ` },
      { text: formatCount(count).padStart(counts) },
      { text: ` ${rateText(rate).padStart(rates)}`, paint: theme.faint },
      { text: `  ${drawn}`, paint: verdictPaint(name, theme) },
    ];
    return lineOf(spans, width, theme);
  });
};

const rateText = (rate: number): string =>
  rate === 0 ? '' : `${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))}/s`;

/** Verdicts, and as much of each panel as has room. */
const overview = (view: LiveView, width: number, room: number, theme: Theme): string[] => {
  const verdicts = verdictLines(
    view,
    width,
    Math.min(MOST_VERDICTS, Math.max(1, room >> 1)),
    theme,
  );
  let left = room - verdicts.length;
  const lines = [...verdicts];
  const makers = [
    rejectionPart,
    ...(view.findings === null ? [] : [findingPart]),
    // The least urgent goes first where there is little room.
    ...(room >= 16 ? [expiringPart] : []),
  ];
  // Each takes a blank line, a title, and at least one line.
  const shown = makers.slice(0, Math.floor(left / LEAST_PART));
  for (const [index, make] of shown.entries()) {
    const share = Math.floor(left / (shown.length - index));
    const part = make(view, width, share - 2, theme);
    const drawn = ['', titleOf(part, width, theme), ...part.lines];
    lines.push(...drawn);
    left -= drawn.length;
  }
  return lines;
};

const alone = (view: LiveView, width: number, room: number, theme: Theme): string[] => {
  const make =
    view.panel === 'rejections'
      ? rejectionPart
      : view.panel === 'expiring'
        ? expiringPart
        : findingPart;
  const part = make(view, width, Math.max(0, room - 1), theme);
  return [titleOf(part, width, theme), ...part.lines];
};

const titleOf = ({ title }: Part, width: number, theme: Theme): string =>
  lineOf([{ text: ` ${title}`, paint: theme.strong }], width, theme);

const HELP =
  ' q, Ctrl-C: end and print the summary   p: hold the display   tab, arrows: one part alone   Ctrl-Z: suspend   ?: less';

const footLine = (view: LiveView, width: number, theme: Theme): string => {
  const keys =
    width < 60 ? ' q end  p hold  tab next  ? help' : ' q quit   p pause   tab next part   ? help';
  return lineOf([{ text: view.isHelping ? HELP : keys, paint: theme.faint }], width, theme);
};
