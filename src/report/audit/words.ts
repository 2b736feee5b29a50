import type { AuditReport } from '../../audit/audit-report.ts';
import type { Evidence, Finding } from '../../audit/finding.ts';
import { LEVELS, type Level } from '../../audit/level.ts';
import type { Calendar } from '../calendar.ts';
import { formatCount, plural } from '../count.ts';
import { escapeText } from '../escape.ts';
import { userLabel } from '../label.ts';
import { inputLabel } from '../overview.ts';

/** Levels, the worst first. */
export const WORST_FIRST: readonly Level[] = LEVELS.toReversed();

/** `3 critical · 2 high`, or `no findings`. */
export const summaryText = ({ totals }: AuditReport, separator: string): string => {
  const counts = WORST_FIRST.filter((level) => totals.levels[level] > 0).map(
    (level) => `${formatCount(totals.levels[level])} ${level}`,
  );
  return counts.length === 0 ? 'no findings' : counts.join(separator);
};

/** What was done: `28 rules ran over 24,105 events of auth.log`. */
export const scopeText = (report: AuditReport): string => {
  const { rules, totals, inputs } = report;
  const events = plural(totals.events, 'event');
  const of = inputs.length === 0 ? '' : ` of ${inputLabel(report)}`;
  return `${plural(rules.ran.length, 'rule')} ran over ${events}${of}`;
};

/** What the numbers leave out on purpose. */
export const omittedTexts = ({ rules, totals }: AuditReport): string[] => {
  const { suppressed, known } = totals;
  const hidden = [
    ...(suppressed > 0 ? [`${formatCount(suppressed)} suppressed`] : []),
    ...(known > 0 ? [`${formatCount(known)} known from the baseline`] : []),
  ];
  const { idle } = rules;
  return [
    ...(hidden.length > 0 ? [`Not listed: ${hidden.join(', ')}`] : []),
    ...(idle.length > 0
      ? [`Without the context that they need, these did not run: ${idle.join(' ')}`]
      : []),
  ];
};

/** Whom it is about: `user 7, from 203.0.113.7`; what a forged token claims is told apart. */
export const whoText = ({ user_id, claimed_user_id, ip }: Finding): string => {
  const parts = [
    ...(user_id === null ? [] : [`user ${idLabel(user_id)}`]),
    ...(claimed_user_id === null ? [] : [`claims to be ${idLabel(claimed_user_id)}, not verified`]),
    ...(ip === null ? [] : [`from ${escapeText(ip)}`]),
  ];
  return parts.length === 0 ? 'no single user or address' : parts.join(', ');
};

/** One line for a user: the number 1 is `1`, the text "1" is `"1"`. */
export const idLabel = (id: string | number): string =>
  userLabel({ user_id: id, user_id_type: typeof id === 'number' ? 'number' : 'string' });

/** When and how often: `2026-11-20 22:41 to 2026-11-20 23:02 UTC, 12 times`. */
export const whenText = (
  { first_seen: first, last_seen: last, count }: Finding,
  { stamp, tz }: Calendar,
): string => {
  const times = count === 1 ? 'once' : `${formatCount(count)} times`;
  if (first === null || last === null) return `at an unknown time, ${times}`;
  const [from, to] = [stamp(first), stamp(last)];
  return `${from === to ? from : `${from} to ${to}`} ${tz}, ${times}`;
};

/** `placeTexts`, safe for a terminal. */
export const places = (finding: Finding): readonly string[] => placeTexts(finding).map(escapeText);

/** Distinct places of the evidence, as `FILE:LINE`; where no file is known, by the token. */
export const placeTexts = ({ evidence }: Finding): readonly string[] => [
  ...new Set(evidence.map(placeText).filter((place) => place !== null)),
];

/** Of one piece of evidence; null where nothing says where it is. */
export const placeText = ({ file, line, offset, token_id: token }: Evidence): string | null => {
  const name = file === '-' ? 'stdin' : file;
  if (name !== null && line !== null) return `${name}:${line}`;
  if (name !== null) return offset === null ? name : `${name}@${offset}`;
  return token === null ? null : `token ${token}`;
};

/** The command that says why the first line of evidence was judged so; null where no command can. */
export const explainCommand = (findings: readonly Finding[]): string | null => {
  for (const { evidence } of findings) {
    for (const { file, line } of evidence) {
      if (file === null || file === '-' || line === null) continue;
      const place = shellWord(`${file.startsWith('-') ? './' : ''}${file}:${line}`);
      if (place !== null) return `authlog explain ${place}`;
    }
  }
  return null;
};

const BARE = /^[\w./:@%+=,-]+$/;

/** Text as a shell takes it; null where it could not be pasted into one. */
const shellWord = (text: string): string | null => {
  if (escapeText(text) !== text) return null;
  return BARE.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
};
