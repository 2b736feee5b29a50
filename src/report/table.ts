import type { Summary } from '../summarize/summary.ts';
import { verdictLines } from './bars.ts';
import { createCalendar } from './calendar.ts';
import { expirySection } from './expiry.ts';
import {
  incompleteStamp,
  keyLines,
  NOT_VERIFIED,
  noticeLines,
  noTokenLines,
  overviewLines,
  peopleOf,
} from './overview.ts';
import type { ReportOptions } from './reporter.ts';
import { hearsaySection, userSection } from './users.ts';
import { wrap } from './width.ts';

export type TableOptions = Pick<ReportOptions, 'width' | 'theme' | 'top' | 'people'>;

const LEAST_WIDTH = 40;

const paragraph = function* (lines: readonly string[]): Generator<string> {
  if (lines.length > 0) yield `\n${lines.join('\n')}\n`;
};

/** The report for a person at a terminal, in pieces; no line is wider than `width` (at least 40). */
export const tableChunks = function* (summary: Summary, options: TableOptions): Generator<string> {
  const { theme, top, people = peopleOf(summary) } = options;
  const width = Math.max(LEAST_WIDTH, options.width);
  const calendar = createCalendar(summary.now, summary.tz);
  const stamped = (text: string | null): string[] =>
    text === null ? [] : wrap(text, width).map(theme.stamp);
  const stamp = stamped(summary.verification.mode === 'none' ? NOT_VERIFIED : null);
  const incomplete = stamped(incompleteStamp(summary));

  for (const line of [...stamp, ...incomplete]) yield `${line}\n`;
  yield `${overviewLines(summary, people, { width, theme, calendar }).join('\n')}\n`;
  if (summary.totals.tokens === 0) {
    yield* paragraph(noTokenLines(summary, width));
  } else {
    yield* paragraph(verdictLines(summary.totals, width, theme));
    yield* paragraph(keyLines(summary, width, theme));
    yield* userSection(summary, people.count, { top, width, theme, calendar });
    yield* hearsaySection(summary, { top, width, theme });
    yield* expirySection(summary, { width, theme, calendar });
  }
  yield* paragraph(noticeLines(summary, width, theme));
  yield* paragraph(stamp);
};

/** `tableChunks` as one text. */
export const renderTable = (summary: Summary, options: TableOptions): string =>
  [...tableChunks(summary, options)].join('');
