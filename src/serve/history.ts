import type { AuditReport } from '../audit/audit-report.ts';
import type { AuthEvent } from '../event/event.ts';
import type { EventFilter } from '../store/store.ts';
import type { Activity } from '../summarize/activity.ts';
import type { Summary } from '../summarize/summary.ts';

/** A window of time: `since` included and `until` not, in milliseconds; null: open. */
export interface Window {
  readonly since: number | null;
  readonly until: number | null;
}

/** Findings, and the verdicts over time that were counted on the way. */
export interface Audited {
  readonly report: AuditReport;
  readonly activity: Activity;
}

/**
 * The store as the page sees it: to be read, and nothing else. Rejects with INPUT where it can't be
 * read, with LOCKED where another process holds it.
 */
export interface History {
  /** Another text after something was added or deleted; cheap to ask for. */
  revision(): Promise<string>;
  /** What `authlog analyze STORE` gives for the window at `now`, in milliseconds. */
  summary(window: Window, now: number): Promise<Summary>;
  /** What `authlog audit STORE` gives for the window at `now`. */
  audit(window: Window, now: number): Promise<Audited>;
  events(filter: EventFilter): AsyncIterable<readonly AuthEvent[]>;
}
