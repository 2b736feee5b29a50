import type { Identity } from '../verify/identity.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { RecordedEvent } from '../record/event-log.ts';

/** Which events: by their own time, in milliseconds, `since` included and `until` not. Null: all. */
export interface EventFilter {
  readonly since: number | null;
  readonly until: number | null;
  /** Only these verdicts, null among them for events without a token; absent: all. */
  readonly verdicts?: readonly (Verdict | null)[];
  /** Only events about this; absent: about anything. */
  readonly about?: EventSubject;
}

/** What events can be asked for by: a user as recorded (the number 1 is not the text "1"), a token, an address. */
export type EventSubject =
  | { readonly userId: string | number | null }
  | { readonly tokenId: string }
  | { readonly ip: string };

export const EVERYTHING: EventFilter = { since: null, until: null };

/** What was read of the sources of `authlog ingest` beside their events; adds up over batches. */
export interface LineCounts {
  readonly lines: number;
  readonly linesWithToken: number;
  readonly linesSkipped: number;
  /** Remarks that come from lines, by code. */
  readonly notices: Readonly<Record<string, number>>;
}

/** How far `authlog ingest` has read a group of files; `state` is its own JSON, which a store keeps as it is. */
export interface Checkpoint {
  readonly source: string;
  readonly state: string;
}

/** Events that become visible together with the checkpoint that accounts for them. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  readonly checkpoint: Checkpoint | null;
  /** Null for events that no lines stand behind (`record`, `guard`). */
  readonly counts: LineCounts | null;
}

export interface Appended {
  /** Events that were not there yet. */
  readonly added: number;
  /** Events whose `event_id` was there already: left as they are. */
  readonly known: number;
}

/** All uses of one token with one verdict by one identity: what the store's own grouping hands to the summary. */
export interface TokenGroup {
  readonly tokenId: string;
  readonly verdict: Verdict;
  /** Null where the token's claims could not be read. */
  readonly identity: Identity | null;
  /** `exp` in seconds, NaN where the token never expires or has no claims. */
  readonly expiry: number;
  readonly key: string | null;
  readonly uses: number;
  /** Uses that were answered with 2xx. */
  readonly accepted: number;
  /** Milliseconds, NaN where no use has a time. */
  readonly first: number;
  readonly last: number;
}

/** A part of the store that did not answer: what it holds is missing from the result. */
export interface MissingPart {
  readonly name: string;
  readonly detail: string;
}

/**
 * Keeps verified events, each once by its `event_id`, and how far sources were read. Rejects with
 * OUTPUT where it can't be written, with INPUT where it can't be read, with USAGE for a URL or a
 * package that can't be used; never with a password in the message.
 */
export interface EventStore {
  /** Events and checkpoint become durable together; or the events first, whose ids make a repeat harmless. */
  append(batch: Batch): Promise<Appended>;
  /** The checkpoint of a source as it was appended last. */
  checkpoint(source: string): Promise<Checkpoint | null>;
  /** Sums of all batches' counts; null where no batch had any. */
  counts(): Promise<LineCounts | null>;
  /** Events by time (those without one last), then by `event_id`; `onMissing` is told of parts that did not answer. */
  events(
    filter: EventFilter,
    onMissing?: (part: MissingPart) => void,
  ): AsyncIterable<readonly RecordedEvent[]>;
  /** Groups by their last use (those without a time first), so that the newest e-mail address wins. */
  groups(
    filter: EventFilter,
    onMissing?: (part: MissingPart) => void,
  ): AsyncIterable<readonly TokenGroup[]>;
  /** A text that is another one after events were added or deleted; to ask for it is cheap. */
  revision(): Promise<string>;
  /** Deletes what the filter finds, or all of one user; returns how many events that were. */
  forget(what: { readonly before: number } | { readonly userId: string | number }): Promise<number>;
  close(): Promise<void>;
}
