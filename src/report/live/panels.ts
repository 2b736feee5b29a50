import type { Finding } from '../../audit/finding.ts';
import { rankOf } from '../../audit/level.ts';
import type { Use } from '../../audit/use.ts';
import { byText } from '../../summarize/order.ts';
import { idLabel, whoText } from '../audit/words.ts';
import { formatCount, plural } from '../count.ts';
import { escapeText } from '../escape.ts';
import { emailLabel, userLabel } from '../label.ts';
import { verdictPaint } from '../bars.ts';
import type { Paint, Theme } from '../theme.ts';
import { cell, clockText, lineOf, spanText, type Span } from './spans.ts';
import type { LiveView } from './view.ts';

/** A part of the screen: its title, its lines as far as there are any. */
export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The newest first: time, verdict, whom the token names, where it stands, why. */
export const rejectionPart = (
  { rejections }: LiveView,
  width: number,
  rows: number,
  theme: Theme,
): Part => {
  const shown = rejections.slice(Math.max(0, rejections.length - rows)).toReversed();
  const lines = shown.map((use) => lineOf(rejectionSpans(use, width, theme), width, theme));
  const title = 'Newest rejections (user? is what the token claims, not verified)';
  return { title, lines: lines.length === 0 ? [` ${theme.faint('none yet')}`] : lines };
};

const rejectionSpans = (use: Use, width: number, theme: Theme): readonly Span[] => {
  const { verdict, token, file, line, reason, time } = use;
  const isNarrow = width < 60;
  const user = userOf(use);
  const place = file === null ? '' : `${escapeText(file)}:${line ?? '?'}`;
  return [
    { text: ` ${clockText(time)} ` },
    {
      text: cell(verdict ?? '', isNarrow ? 13 : 15, theme),
      ...(verdict !== null && { paint: verdictPaint(verdict, theme) }),
    },
    { text: ` ${isNarrow ? user : cell(user, 18, theme)}` },
    { text: isNarrow ? '' : `  ${place}` },
    {
      text: reason === null || isNarrow ? '' : `  ${escapeText(reason)}`,
      paint: theme.faint,
    },
    { text: token === null && !isNarrow ? '  no token' : '' },
  ];
};

/** An expired token was signed for its user; of the others the name is a claim. */
const userOf = ({ token, verdict }: Use): string => {
  if (token === null || token.userId === null) return '(none)';
  const label = idLabel(token.userId);
  return verdict === 'expired' || verdict === 'not_yet_valid' ? label : `${label}?`;
};

/** Whose tokens end within the hour, the soonest first. */
export const expiringPart = (
  { expiring, now }: LiveView,
  width: number,
  rows: number,
  theme: Theme,
): Part => {
  const lines = expiring.first.slice(0, rows).map(({ identity, expiry }) => {
    const user = userLabel({ user_id: identity.userId, user_id_type: identity.userIdType });
    const spans = [
      { text: ` in ${cell(spanText(expiry * 1000 - now), 10, theme)}`, paint: theme.warn },
      { text: ` ${cell(user, 18, theme)}` },
      { text: `  ${emailLabel(identity.email)}`, paint: theme.faint },
    ];
    return lineOf(spans, width, theme);
  });
  const title =
    expiring.count === 0
      ? 'Expiring within the hour'
      : `Expiring within the hour: ${plural(expiring.count, 'token')}`;
  return { title, lines: lines.length === 0 ? [` ${theme.faint('none')}`] : lines };
};

/** Findings, what happened last first. */
export const findingPart = (view: LiveView, width: number, rows: number, theme: Theme): Part => {
  const findings = view.findings ?? [];
  const shown = findings
    .toSorted((a, b) => byText(b.last_seen ?? '', a.last_seen ?? '') || rank(b) - rank(a))
    .slice(0, rows);
  const lines = shown.map((finding) => {
    const { level, rule, title, count, last_seen: last } = finding;
    const spans = [
      { text: ` ${clockText(Date.parse(last ?? ''))} ` },
      { text: cell(level, 8, theme), paint: levelPaint(finding, theme) },
      { text: ` ${rule} ${escapeText(title)}, ${formatCount(count)}x` },
      { text: `  ${whoText(finding)}`, paint: theme.faint },
    ];
    return lineOf(spans, width, theme);
  });
  const title = findings.length === 0 ? 'Findings' : `Findings: ${formatCount(findings.length)}`;
  return { title, lines: lines.length === 0 ? [` ${theme.faint('none yet')}`] : lines };
};

const rank = ({ level }: Finding): number => rankOf(level);

const levelPaint = (finding: Finding, theme: Theme): Paint =>
  rank(finding) >= rankOf('high') ? theme.bad : rank(finding) > 0 ? theme.warn : theme.faint;
