import type { FiguresSection, Tone } from '../../page/island.ts';
import { WORST_FIRST } from '../audit/words.ts';
import { formatCount } from '../count.ts';

type Figure = FiguresSection['figures'][number];

/** Nothing of a kind is nothing to be alarmed at. */
export const figure = (
  label: string,
  count: number,
  detail: string | null,
  tone: Tone,
): Figure => ({
  label,
  value: formatCount(count),
  detail: detail === '' ? null : detail,
  tone: count === 0 ? 'plain' : tone,
});

/** How many findings, and of which levels. */
export const findingsFigure = (levels: Readonly<Record<string, number>>): Figure => {
  const told = WORST_FIRST.filter((level) => (levels[level] ?? 0) > 0);
  const sum = told.reduce((total, level) => total + levels[level]!, 0);
  const words = told.slice(0, 3).map((level) => `${formatCount(levels[level]!)} ${level}`);
  const isBad = told[0] === 'critical' || told[0] === 'high';
  return figure('Findings', sum, words.join(', '), isBad ? 'bad' : 'late');
};
