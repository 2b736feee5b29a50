import type { People, Summary } from '../summarize/summary.ts';
import type { Calendar } from './calendar.ts';
import { formatCount, plural } from './count.ts';
import { incompleteText } from './error.ts';
import { escapeText } from './escape.ts';
import type { Theme } from './theme.ts';
import { pack, textWidth, truncate, truncateStart, wrap } from './width.ts';

const GAP = '   ';
/** Columns of a notice; only a path or a name that means harm gets there. */
const LONGEST_NOTICE = 600;
const KEYS = ' Keys  ';
const KEYS_SHOWN = 8;
/** Said in place of the tables, so not once more among the notices. */
const NO_TOKEN = 'no_token';
/** Of use only to somebody whose secret verifies nothing. */
const SECRET_NEWLINE = 'secret_newline';

/** `--clock now` changes every verdict: a report must say so. */
export const clockStamp = (summary: Summary): string | null =>
  summary.clock === 'now' ? 'judged at --now' : null;

/** What a person should read; programs get all of it. */
export const shownNotices = (summary: Summary): Summary['notices'] => {
  const verifies = summary.verification.keys.some(({ tokens }) => tokens > 0);
  return summary.notices.filter(({ code }) => !(code === SECRET_NEWLINE && verifies));
};

/** Printed first and last wherever signatures were not checked. */
export const NOT_VERIFIED = 'NOT VERIFIED: signatures were not checked';

/** The one input by its name, several by their number. */
export const inputLabel = (summary: {
  readonly inputs: readonly { readonly path: string }[];
}): string => {
  const { inputs } = summary;
  if (inputs.length !== 1) return inputs.length === 0 ? 'no input' : plural(inputs.length, 'file');
  return inputs[0]!.path === '-' ? 'stdin' : escapeText(inputs[0]!.path);
};

/** The users of a summary that lists them all. */
export const peopleOf = ({ users }: Summary): People => {
  let first: string | null = null;
  let last: string | null = null;
  for (const { first_seen: from, last_seen: to } of users) {
    if (from !== null && (first === null || from < first)) first = from;
    if (to !== null && (last === null || to > last)) last = to;
  }
  return { count: users.length, firstSeen: first, lastSeen: last };
};

/** First to last moment at which a verified token was seen; null without times. */
export const seenSpan = ({ firstSeen, lastSeen }: People, calendar: Calendar): string | null => {
  if (firstSeen === null || lastSeen === null) return null;
  const start = calendar.stamp(firstSeen);
  const end = calendar.stamp(lastSeen);
  const span = start === end ? start : `${start} to ${end}`;
  return `${span} ${escapeText(calendar.tz)}`;
};

/** What was read and found: `auth.log   48,210 lines   24,105 tokens, 9,872 distinct   … to … UTC`. */
export const overviewLines = (
  summary: Summary,
  people: People,
  view: { readonly width: number; readonly theme: Theme; readonly calendar: Calendar },
): string[] => {
  const { width, theme, calendar } = view;
  const { totals } = summary;
  const tokens = plural(totals.tokens, 'token');
  const span = seenSpan(people, calendar);
  const pieces = [
    truncateStart(inputLabel(summary), width, theme.mark),
    plural(totals.lines, 'line'),
    ...(totals.lines_skipped > 0 ? [`${formatCount(totals.lines_skipped)} skipped`] : []),
    totals.tokens > 0 ? `${tokens}, ${formatCount(totals.distinct_tokens)} distinct` : tokens,
    ...(span === null ? [] : [span]),
    clockStamp(summary),
  ].filter((piece) => piece !== null);
  const [first, ...rest] = pack(pieces, width, GAP);
  const name = pieces[0]!;
  return [
    theme.strong(name) + first!.slice(name.length),
    ...rest.flatMap((line) => (textWidth(line) > width ? wrap(line, width) : [line])),
  ];
};

/** Which key verified how many tokens; nothing to say with a single key. */
export const keyLines = (summary: Summary, width: number, theme: Theme): string[] => {
  const { keys } = summary.verification;
  if (keys.length < 2) return [];
  const busiest = keys.toSorted((a, b) => b.tokens - a.tokens);
  const pieces = busiest.slice(0, KEYS_SHOWN).map((key) => {
    const count = formatCount(key.tokens);
    const name = `${escapeText(key.id)} (${key.algs.map(escapeText).join(', ')})`;
    return `${truncate(name, width - KEYS.length - count.length - 1, theme.mark)} ${count}`;
  });
  const rest = busiest.slice(KEYS_SHOWN);
  if (rest.length > 0) {
    const tokens = rest.reduce((sum, key) => sum + key.tokens, 0);
    pieces.push(`${plural(rest.length, 'other key')} ${formatCount(tokens)}`);
  }
  return pack(pieces, width - KEYS.length, GAP).map(
    (line, at) => (at === 0 ? KEYS : ' '.repeat(KEYS.length)) + line,
  );
};

/** Why the numbers do not cover everything that was asked for; empty when they do. */
export const incompleteStamp = (summary: {
  readonly incomplete: readonly unknown[] | null;
}): string | null => {
  const count = summary.incomplete?.length ?? 0;
  if (count === 0) return null;
  return `INCOMPLETE: ${plural(count, 'input was', 'inputs were')} not read to the end`;
};

/** Every notice and every incomplete input as a `! ` paragraph. */
export const noticeLines = (summary: Summary, width: number, theme: Theme): string[] => {
  const messages = [
    ...(summary.incomplete ?? []).map(incompleteText),
    ...shownNotices(summary)
      .filter(({ code }) => code !== NO_TOKEN)
      .map(({ message }) => message),
  ];
  return remarkLines(messages, width, theme);
};

/** Each message as a `! ` paragraph. */
export const remarkLines = (messages: readonly string[], width: number, theme: Theme): string[] =>
  messages.flatMap((message) =>
    wrap(truncate(escapeText(message), LONGEST_NOTICE, theme.mark), width - 2).map((line, at) =>
      at === 0 ? `${theme.warn('!')} ${line}` : `  ${line}`,
    ),
  );

/** Said instead of empty tables. */
export const noTokenLines = (summary: Summary, width: number): string[] => {
  const { totals, incomplete, notices } = summary;
  if (totals.lines === 0) {
    return [incomplete === null ? 'The input is empty.' : 'Nothing could be read.'];
  }
  if (totals.lines_skipped === totals.lines) {
    return wrap('Every line is outside --since and --until, or has no time.', width);
  }
  const said = notices.find(({ code }) => code === NO_TOKEN)?.message ?? 'No token was found.';
  const lines = said.includes('--pattern')
    ? [said]
    : [said, 'Tokens in another form: --pattern REGEX (its first group is the token)'];
  return lines.flatMap((text) => wrap(text, width));
};
