import { VERDICTS, type Verdict } from '../verify/verdict.ts';
import type { Totals } from '../summarize/summary.ts';
import { formatCount } from './count.ts';
import type { Paint, Theme } from './theme.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const GAP = 3;
const WIDEST_BAR = 40;
const NARROWEST_BAR = 8;

/** A bar of at most `columns` cells for `value` out of `max`; whatever is not zero can be seen. */
export const bar = (value: number, max: number, columns: number, unicode: boolean): string => {
  if (value <= 0 || max <= 0) return '';
  if (!unicode) return '#'.repeat(Math.max(1, Math.round((value / max) * columns)));
  const eighths = Math.max(1, Math.round((value / max) * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
};

/** Colour of a verdict: nobody got in wrongly, came too late or early, or should be looked at. */
export const verdictPaint = (verdict: Verdict, theme: Theme): Paint => {
  switch (verdict) {
    case 'valid':
      return theme.good;
    case 'expired':
    case 'not_yet_valid':
      return theme.warn;
    case 'masked':
    case 'encrypted':
      return theme.faint;
    default:
      return theme.bad;
  }
};

/** One line per report where it fits, else one per verdict; only verdicts that occurred. */
export const verdictLines = (totals: Totals, width: number, theme: Theme): string[] => {
  const entries = VERDICTS.map((name) => ({ name, count: totals.verdicts[name] }))
    .filter(({ count }) => count > 0)
    .map((entry) => ({ ...entry, shown: formatCount(entry.count) }));
  const max = Math.max(0, ...entries.map(({ count }) => count));
  const draw = (entry: (typeof entries)[number], columns: number): string =>
    verdictPaint(entry.name, theme)(bar(entry.count, max, columns, theme.unicode));

  const texts = entries.reduce((sum, { name, shown }) => sum + name.length + shown.length + 2, 1);
  if (entries.length === 1) return entries.map(({ name, shown }) => ` ${name} ${shown}`);
  const spare = width - texts - GAP * (entries.length - 1);
  for (let columns = WIDEST_BAR; columns >= NARROWEST_BAR; columns--) {
    const used = entries.reduce((sum, { count }) => sum + Math.ceil((count / max) * columns), 0);
    if (used > spare) continue;
    const parts = entries.map((entry) => `${entry.name} ${entry.shown} ${draw(entry, columns)}`);
    return [` ${parts.join(' '.repeat(GAP))}`];
  }

  const nameWidth = Math.max(...entries.map(({ name }) => name.length));
  const countWidth = Math.max(...entries.map(({ shown }) => shown.length));
  const room = Math.min(WIDEST_BAR, width - nameWidth - countWidth - 5);
  return entries.map((entry) => {
    const text = ` ${entry.name.padEnd(nameWidth)}  ${entry.shown.padStart(countWidth)}`;
    return room < NARROWEST_BAR ? text : `${text}  ${draw(entry, room)}`;
  });
};
