import type {
  Change,
  Comparison,
  Entry,
  IssuerName,
  KeyName,
  Section,
  UserName,
  VerdictName,
} from '../compare/comparison.ts';
import { VERIFIED } from '../verify/verdict.ts';
import { createCalendar } from './calendar.ts';
import { formatCount, plural } from './count.ts';
import { incompleteText } from './error.ts';
import { escapeText } from './escape.ts';
import { type Column, grid } from './grid.ts';
import { emailLabel, userLabel } from './label.ts';
import { NOT_VERIFIED } from './overview.ts';
import type { ReportOptions } from './reporter.ts';
import type { Paint, Theme } from './theme.ts';
import { truncate, wrap } from './width.ts';

type View = Pick<ReportOptions, 'width' | 'theme'>;

const LEAST_WIDTH = 40;
const LONGEST_NOTICE = 600;
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The comparison for a person at a terminal, in pieces; no line is wider than `width` (at least 40). */
export const comparisonTable = function* (
  comparison: Comparison,
  options: View,
): Generator<string> {
  const { theme } = options;
  const width = Math.max(LEAST_WIDTH, options.width);
  const view = { ...options, width };
  const stamps = [
    ...(comparison.verification.mode === 'none' ? [NOT_VERIFIED] : []),
    ...(comparison.incomplete === null ? [] : [incompleteStamp(comparison.incomplete.length)]),
  ].flatMap((text) => wrap(text, width).map(theme.stamp));
  for (const line of stamps) yield `${line}\n`;
  yield* windowSection(comparison, view);
  yield* section<VerdictName>('Verdict', comparison.verdicts, view, ({ verdict }) => verdict);
  yield* section<UserName>('User', comparison.users, view, userLabel);
  yield* section<IssuerName>('Issuer', comparison.issuers, view, ({ iss }) =>
    iss === null ? '(none)' : emailLabel(iss),
  );
  if (comparison.keys.entries.length > 1) {
    yield* section<KeyName>('Key', comparison.keys, view, ({ key }) => escapeText(key));
  }
  yield* remarks(comparison, view);
};

const incompleteStamp = (count: number): string =>
  `INCOMPLETE: ${plural(count, 'input was', 'inputs were')} not read to the end`;

const windowSection = function* (
  comparison: Comparison,
  { width, theme }: View,
): Generator<string> {
  const calendar = createCalendar(comparison.now, comparison.tz);
  const rows = [
    { name: 'Older', ...comparison.older },
    { name: 'Newer', ...comparison.newer },
  ];
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    { title: 'Window', align: 'left', text: ({ name }) => name },
    { title: 'From', align: 'left', text: ({ since }) => calendar.stamp(since) },
    {
      title: `Until (${escapeText(calendar.tz)})`,
      align: 'left',
      leaves: 1,
      text: ({ until }) => calendar.stamp(until),
    },
    { title: 'Length', align: 'right', leaves: 2, text: lengthLabel },
    { title: 'Tokens', align: 'right', text: ({ tokens }) => formatCount(tokens) },
  ];
  yield* grid(columns, rows, width, theme);
};

const lengthOf = ({ since, until }: Pick<Comparison['older'], 'since' | 'until'>): number =>
  Date.parse(until) - Date.parse(since);

const lengthLabel = (window: Comparison['older']): string => {
  const length = lengthOf(window);
  const [unit, name] =
    length >= 2 * DAY ? [DAY, 'd'] : length >= HOUR ? [HOUR, 'h'] : [60_000, 'min'];
  return `${Math.round((length / unit) * 10) / 10} ${name}`;
};

/** What came of the names: `Users: 140, 120 before; 30 new, 10 gone`. */
const countsLine = (title: string, part: Section<unknown>): string => {
  const states = (['new', 'gone', 'grown', 'shrunk'] as const)
    .filter((state) => part[state] > 0)
    .map((state) => `${formatCount(part[state])} ${state}`);
  const counts = `${title}s: ${formatCount(part.newer)}, ${formatCount(part.older)} before`;
  return [counts, ...(states.length > 0 ? [states.join(', ')] : [])].join('; ');
};

const section = function* <Name>(
  title: string,
  part: Section<Name>,
  { width, theme }: View,
  label: (name: Name) => string,
): Generator<string> {
  if (part.older + part.newer === 0) return;
  yield '\n';
  for (const line of wrap(countsLine(title, part), width - 1)) yield ` ${line}\n`;
  const shown = part.entries;
  if (shown.length === 0) return;
  type Row = Name & Entry;
  const columns: Column<Row>[] = [
    { title, align: 'left', min: 12, text: label },
    {
      title: '',
      align: 'left',
      text: ({ state }) => (state === 'steady' ? '' : state),
      paint: (row) => statePaint(row, theme),
    },
    { title: 'Older', align: 'right', leaves: 2, text: ({ older }) => formatCount(older) },
    { title: 'Newer', align: 'right', text: ({ newer }) => formatCount(newer) },
    { title: 'Change', align: 'right', text: changeLabel },
    { title: 'Times', align: 'right', leaves: 1, text: factorLabel },
  ];
  yield* grid(columns, shown, width, theme);
  const rest = part.new + part.gone + part.grown + part.shrunk - shown.length;
  if (rest > 0) yield `${theme.faint(` ${formatCount(rest)} more: --top 0`)}\n`;
};

/** More of what should not get in is bad; who is new or gone is worth a look. */
const statePaint = (row: Partial<VerdictName> & Entry, theme: Theme): Paint => {
  const rises: readonly Change[] = ['new', 'grown'];
  if (!rises.includes(row.state)) return theme.faint;
  return row.verdict !== undefined && !VERIFIED.has(row.verdict) ? theme.bad : theme.warn;
};

const changeLabel = ({ change }: Entry): string => {
  const shown =
    Math.abs(change) < 10 ? String(Math.round(change * 10) / 10) : formatCount(Math.round(change));
  return change > 0 ? `+${shown}` : shown;
};

const factorLabel = ({ factor, state }: Entry): string => {
  if (factor === null || state === 'gone') return '-';
  return factor < 10 ? factor.toFixed(2) : formatCount(Math.round(factor));
};

const remarks = function* (comparison: Comparison, { width, theme }: View): Generator<string> {
  const { threshold, older, newer, keys, notices, incomplete } = comparison;
  const { growth, least } = threshold;
  const notes = [
    `grown, shrunk: at least ${growth} times as many, and at least ${plural(least, 'token')} more`,
  ];
  if (lengthOf(older) !== lengthOf(newer)) {
    notes.push('Change and Times compare rates: the windows differ in length');
  }
  yield '\n';
  for (const note of notes) {
    for (const line of wrap(note, width - 1)) yield ` ${theme.faint(line)}\n`;
  }
  // Of use only to somebody whose secret verifies nothing.
  const told = notices.filter(({ code }) => code !== 'secret_newline' || keys.entries.length === 0);
  const messages = [...(incomplete ?? []).map(incompleteText), ...told.map((n) => n.message)];
  if (messages.length > 0) yield '\n';
  for (const message of messages) {
    const text = truncate(escapeText(message), LONGEST_NOTICE, theme.mark);
    for (const [at, line] of wrap(text, width - 2).entries()) {
      yield at === 0 ? `${theme.warn('!')} ${line}\n` : `  ${line}\n`;
    }
  }
};
