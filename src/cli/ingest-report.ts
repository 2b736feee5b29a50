import { escapeJsonText } from '../event/escape-json.ts';
import type { IngestResult, LogResult } from '../ingest/ingest.ts';
import type { Totals } from '../ingest/log.ts';
import { plural } from '../report/count.ts';
import { escapeText } from '../report/escape.ts';

interface Counts extends Omit<Totals, 'notices'> {
  readonly held: number;
}

const sumOf = (logs: readonly LogResult[]): Counts => {
  const sum = { lines: 0, linesWithToken: 0, linesSkipped: 0, added: 0, held: 0 };
  for (const { totals, held } of logs) {
    sum.lines += totals.lines;
    sum.linesWithToken += totals.linesWithToken;
    sum.linesSkipped += totals.linesSkipped;
    sum.added += totals.added;
    sum.held += held;
  }
  return sum;
};

const countsOf = ({ lines, linesWithToken, linesSkipped, added, held }: Counts): object => ({
  lines,
  lines_with_token: linesWithToken,
  lines_without_token: lines - linesWithToken - linesSkipped,
  lines_skipped: linesSkipped,
  events_added: added,
  lines_held: held,
});

/** `authlog.ingest/1` on one line: what this run brought into the store. */
export const ingestJson = (
  { logs, incomplete }: IngestResult,
  store: string,
  verified: boolean,
): string => {
  const counts = new Map<string, number>();
  for (const { totals } of logs) {
    for (const [code, count] of Object.entries(totals.notices)) {
      counts.set(code, (counts.get(code) ?? 0) + count);
    }
  }
  const report = {
    schema: 'authlog.ingest/1',
    store,
    verification: { mode: verified ? 'verified' : 'none' },
    logs: logs.map(({ path, totals, held }) => ({ path, ...countsOf({ ...totals, held }) })),
    totals: countsOf(sumOf(logs)),
    notices: Array.from(counts, ([code, count]) => ({ code, count })),
    incomplete: incomplete.length === 0 ? null : incomplete,
  };
  return `${escapeJsonText(JSON.stringify(report))}\n`;
};

/** `12,345 lines of 2 logs read, 10,002 events new in duckdb:…; 1 partial line held`. */
export const ingestText = ({ logs }: IngestResult, store: string, verified: boolean): string => {
  const { lines, added, held } = sumOf(logs);
  const read = `${plural(lines, 'line')} of ${plural(logs.length, 'log')} read`;
  const waiting = held === 0 ? '' : `; ${plural(held, 'partial line')} held`;
  const unchecked = verified ? '' : '; signatures were not checked (--no-verify)';
  return `${escapeText(`${read}, ${plural(added, 'event')} new in ${store}${waiting}${unchecked}`)}\n`;
};

/** The same while it goes on, for a terminal. */
export const followText = (logs: readonly LogResult[]): string => {
  const { lines, added } = sumOf(logs);
  return `${plural(lines, 'line')} of ${plural(logs.length, 'log')} read, ${plural(added, 'event')} new`;
};
