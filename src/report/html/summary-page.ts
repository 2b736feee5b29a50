import type { FiguresSection, Island } from '../../page/island.ts';
import type { ExpiryBucketName, Summary } from '../../summarize/summary.ts';
import { createCalendar } from '../calendar.ts';
import { chunks } from '../chunks.ts';
import { formatCount, plural } from '../count.ts';
import { SUSPECT } from '../outcome.ts';
import { clockStamp, inputLabel, peopleOf, seenSpan, shownNotices } from '../overview.ts';
import type { Reporter } from '../reporter.ts';
import { withoutTokens } from '../audit/masked.ts';
import { htmlDocument } from './document.ts';
import { expirySections } from './expiry-sections.ts';
import type { PageExtras } from './extras.ts';
import { figure, findingsFigure } from './figure.ts';
import { findingsSection } from './finding-section.ts';
import { keySections } from './key-sections.ts';
import { inputSections, islandOf, noteSections } from './page-parts.ts';
import { hearsaySections, usersSection } from './user-sections.ts';
import { barsSection, timelineSections } from './verdict-sections.ts';

const SOON: readonly ExpiryBucketName[] = ['within_1h', 'within_24h'];

/** The summary as a page of its own. */
export const htmlChunks: Reporter = (summary, { top, page }) => {
  const extras = page ?? NOTHING_MORE;
  const island = summaryIsland(summary, { ...extras, top });
  return chunks([htmlDocument({ title: `authlog: ${inputLabel(summary)}`, island }).html]);
};

const NOTHING_MORE: PageExtras = { activity: null, findings: null, rules: [], version: '', tz: '' };

/** The summary as the page shows it, with the first `top` users, 0 for all. */
export const summaryIsland = (
  summary: Summary,
  { activity, findings, rules, version, top }: PageExtras & { readonly top: number },
): Island => {
  const calendar = createCalendar(summary.now, summary.tz);
  const timeline = timelineSections(activity);
  const bars = barsSection(summary.totals.verdicts);
  const { half: _half, ...wideBars } = bars;
  const sections = [
    figuresSection(summary),
    ...noteSections(
      summary,
      shownNotices(summary).map(({ message }) => message),
    ),
    timeline.length === 0 ? wideBars : bars,
    ...timeline.map((section) => ({ ...section, half: true as const })),
    ...(findings === null ? [] : [findingsSection(withoutTokens(findings), rules, calendar)]),
    usersSection(summary, calendar, top),
    ...expirySections(summary, calendar),
    ...hearsaySections(summary),
    ...keySections(summary.verification),
    ...inputSections(summary),
  ];
  const span = seenSpan(peopleOf(summary), calendar);
  const clock = clockStamp(summary);
  const { lines, lines_skipped: skipped } = summary.totals;
  const facts = [
    ...(span === null ? [] : [span]),
    plural(lines, 'line'),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
    ...(clock === null ? [] : [clock]),
  ];
  return islandOf(summary, facts, sections, { calendar, version });
};

const figuresSection = (summary: Summary): FiguresSection => {
  const { totals, users, expiry, findings, verification } = summary;
  const { verdicts } = totals;
  const isVerified = verification.mode === 'verified';
  const rejected = [...SUSPECT].reduce((sum, verdict) => sum + verdicts[verdict], 0);
  const soon = expiry.filter(({ bucket }) => SOON.includes(bucket));
  const ending = soon.reduce((sum, { distinct_tokens: n }) => sum + n, 0);
  const share = (count: number): string =>
    totals.tokens === 0 ? '' : `${((count / totals.tokens) * 100).toFixed(1)} % of all`;
  const judged: FiguresSection['figures'] = [
    figure('Valid', verdicts.valid, share(verdicts.valid), 'good'),
    figure('Used after their end', verdicts.expired, share(verdicts.expired), 'late'),
    figure('Rejected', rejected, 'forged, or not for us', 'bad'),
    figure('Expire within 24 h', ending, 'distinct tokens', 'plain'),
  ];
  return {
    kind: 'figures',
    id: 'figures',
    title: 'In short',
    about: null,
    figures: [
      figure('Tokens', totals.tokens, `${formatCount(totals.distinct_tokens)} distinct`, 'plain'),
      figure('Users', users.length, null, 'plain'),
      ...(isVerified ? judged : []),
      ...(findings === null ? [] : [findingsFigure(findings)]),
    ],
  };
};
