import type { People, Summary } from '../summarize/summary.ts';
import type { PageExtras } from './html/extras.ts';
import type { Theme } from './theme.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown', 'html'] as const;

export type Format = (typeof FORMATS)[number];

/** What `authlog events --format` may print. */
export const EVENT_FORMATS = ['ndjson', 'ocsf', 'ecs'] as const;

export type EventFormat = (typeof EVENT_FORMATS)[number];

/** How to print; a format ignores what does not concern it. */
export interface ReportOptions {
  /** Terminal columns; 40 is the least. */
  readonly width: number;
  readonly theme: Theme;
  /** Users to list in `table` and `markdown`; 0 for all. */
  readonly top: number;
  /** All users, where the summary lists only the first of them. */
  readonly people?: People;
  /** CSV cells as they are instead of safe for a spreadsheet. */
  readonly csvRaw?: boolean;
  /** What a page shows beside the summary. */
  readonly page?: PageExtras;
}

/** From numbers to text, in pieces that can be written one after the other. */
export type Reporter = (summary: Summary, options: ReportOptions) => Iterable<string>;
