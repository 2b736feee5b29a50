import { el, formatCount } from './element.ts';
import type { BarsSection, FiguresSection, NotesSection } from './island.ts';

export const createFigures = ({ figures }: FiguresSection): HTMLElement =>
  el(
    'dl',
    { class: 'figures' },
    ...figures.map(({ label, value, detail, tone }) =>
      el(
        'div',
        { class: `figure ${tone}` },
        el('dt', {}, label),
        el(
          'dd',
          {},
          el('span', { class: 'value' }, value),
          detail === null ? null : el('span', { class: 'detail' }, detail),
        ),
      ),
    ),
  );

export const createBars = ({ title, bars }: BarsSection): HTMLElement => {
  const sum = bars.reduce((total, { count }) => total + count, 0);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return el(
    'table',
    { class: 'bars', 'aria-label': title },
    el(
      'thead',
      { class: 'unseen' },
      el(
        'tr',
        {},
        ...['Verdict', 'Tokens', 'Share', 'Bar'].map((head) => el('th', { scope: 'col' }, head)),
      ),
    ),
    el(
      'tbody',
      {},
      ...bars.map(({ name, count, means }) => {
        const bar = el('span', { class: `bar v-${name}` });
        bar.style.width = `${(count / most) * 100}%`;
        return el(
          'tr',
          { title: means },
          el('th', { scope: 'row' }, name),
          el('td', { class: 'count' }, formatCount(count)),
          el('td', { class: 'count dim' }, shareOf(count, sum)),
          el('td', { class: 'track' }, bar),
        );
      }),
    ),
  );
};

/** No share of something is rounded to nothing. */
const shareOf = (count: number, sum: number): string => {
  const share = (count / Math.max(1, sum)) * 100;
  if (share > 0 && share < 0.1) return '<0.1 %';
  return `${share.toFixed(1)} %`;
};

export const createNotes = ({ notes }: NotesSection): HTMLElement =>
  el('ul', { class: 'list' }, ...notes.map((note) => el('li', {}, note)));
