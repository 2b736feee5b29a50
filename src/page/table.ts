import { button, el, formatCount, plural } from './element.ts';
import type { Cell, Column, TableSection } from './island.ts';
import { settingOf } from './memory.ts';
import { chosenRange, onRange } from './range.ts';
import { filterRows, rowsOf, rowsWithin, sortRows } from './rows.ts';
import type { Zone } from './zone.ts';

const FIRST_ROWS = 20;
const FIRST_OF_HALF = 10;
const MORE_ROWS = 200;
/** Fewer rows than these are seen at a glance. */
const FILTERED_FROM = 12;
/** Characters that a column of texts keeps at least, if it has as many. */
const WIDE = 24;
const ARIA = { ascending: 'ascending', descending: 'descending' } as const;

/** A table whose heads sort it, with a filter, and rows that are made when somebody asks for them. */
export const createTable = (section: TableSection, zone: Zone): readonly HTMLElement[] => {
  const { id, title, columns, rest = 0, left } = section;
  const first = section.half === true ? FIRST_OF_HALF : FIRST_ROWS;
  const setting = settingOf(id, section.sorted ?? null, first);
  const total = section.rows.length + rest;
  const all = rowsOf(section);
  const body = el('tbody');
  const count = el('p', { class: 'count', role: 'status' });
  const more = button(
    '',
    () => {
      setting.shown += MORE_ROWS;
      update();
    },
    { class: 'more', id: `${id}-more` },
  );
  const heads = columns.map((column, at) => headOf(section, column, at, () => sortBy(at)));
  const sortBy = (at: number): void => {
    const descends =
      setting.sorted?.[0] === at
        ? setting.sorted[1] === 'ascending'
        : columns[at]!.type === 'count';
    setting.sorted = [at, descends ? 'descending' : 'ascending'];
    update();
  };
  const selected = (): readonly (readonly Cell[])[] => {
    const range = section.span === undefined ? null : chosenRange();
    const isSorted = isSame(setting.sorted, section.sorted ?? null);
    // As long as nothing was asked the first rows do, and the others need not be read.
    if (isSorted && setting.filter === '' && range === null) {
      return setting.shown <= section.rows.length ? section.rows : all();
    }
    let rows = filterRows(all(), setting.filter);
    if (range !== null) {
      rows = rowsWithin(rows, section.span!, [zone.stamp(range[0]), zone.stamp(range[1])]);
    }
    if (isSorted || setting.sorted === null) return rows;
    const [column, direction] = setting.sorted;
    return sortRows(rows, column, direction, columns[column]!.type);
  };
  const update = (): void => {
    const rows = selected();
    const isAll = rows === section.rows;
    const found = isAll ? total : rows.length;
    body.replaceChildren(...rows.slice(0, setting.shown).map((row) => rowOf(row, section)));
    for (const [at, head] of heads.entries()) {
      const direction = setting.sorted?.[0] === at ? setting.sorted[1] : null;
      head.setAttribute('aria-sort', direction === null ? 'none' : ARIA[direction]);
    }
    const shown = Math.min(setting.shown, found);
    const of = found === total ? '' : ` of ${formatCount(total)}`;
    count.textContent =
      shown === found
        ? `${plural(found, 'row')}${of}`
        : `${formatCount(shown)} of ${plural(found, 'row')}${found === total ? '' : ` that fit, ${formatCount(total)} in all`}`;
    more.hidden = shown >= found;
    more.textContent = `Show ${formatCount(Math.min(MORE_ROWS, found - shown))} more`;
  };
  if (section.span !== undefined) onRange(update);
  update();
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...heads)), body);
  return [
    ...(total < FILTERED_FROM
      ? []
      : [
          toolbar(section, setting.filter, count, (filter) => {
            setting.filter = filter;
            setting.shown = first;
            update();
          }),
        ]),
    el('div', { class: 'scroll', role: 'group', tabindex: 0, 'aria-label': title }, table),
    more,
    ...(left === undefined || left.count === 0
      ? []
      : [
          el(
            'p',
            { class: 'left' },
            `${plural(left.count, 'more row')} not in this file: ${left.hint}`,
          ),
        ]),
  ];
};

type Sorted = readonly [column: number, direction: string] | null;

const isSame = (a: Sorted, b: Sorted): boolean => a?.[0] === b?.[0] && a?.[1] === b?.[1];

const headOf = (
  { id, rows }: TableSection,
  { title, type }: Column,
  at: number,
  press: () => void,
): HTMLElement => {
  const head = el(
    'th',
    { scope: 'col', class: type, 'aria-sort': 'none' },
    button(title, press, { id: `${id}-by-${at}` }),
  );
  const longest = Math.max(...rows.slice(0, FIRST_ROWS).map((row) => String(row[at] ?? '').length));
  if (type === 'text') head.style.minWidth = `${Math.min(WIDE, longest)}ch`;
  return head;
};

const toolbar = (
  { id, title }: TableSection,
  value: string,
  count: HTMLElement,
  onFilter: (text: string) => void,
): HTMLElement => {
  const input = el('input', {
    type: 'search',
    id: `${id}-filter`,
    placeholder: 'Filter',
    'aria-label': `Filter: ${title}`,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  input.value = value;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => onFilter(input.value), 80);
  });
  return el('div', { class: 'toolbar' }, input, count);
};

const rowOf = (row: readonly Cell[], { columns, linked }: TableSection): HTMLElement => {
  const link = linked === true ? row[columns.length] : null;
  return el(
    'tr',
    {},
    ...columns.map(({ type, tone }, at) => {
      const cell = row[at] ?? null;
      const isNothing = cell === null || cell === 0;
      const classes = `${type} ${isNothing ? 'dim' : (tone ?? 'plain')}`;
      const text = cell === null ? '-' : typeof cell === 'number' ? formatCount(cell) : cell;
      const isLink = at === 0 && typeof link === 'string';
      const inside = isLink ? el('a', { href: link }, text) : text;
      return el(at === 0 ? 'th' : 'td', { class: classes, scope: at === 0 ? 'row' : null }, inside);
    }),
  );
};
