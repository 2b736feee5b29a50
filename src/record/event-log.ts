import type { AuthEvent } from '../event/event.ts';

/** A value of a field that no member of an event is made for. */
export type FieldValue = string | number | boolean | null;

/**
 * What a recorder knows beyond an event of a log; `schema/authlog.event-1.json` describes it. An
 * empty `event_id` stands for one that the log derives from `writer` and `seq`.
 */
export interface RecordedEvent extends AuthEvent {
  /** Milliseconds that the decision took. */
  readonly latency_ms?: number;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** Where events go: a file, a store. Each log adds `writer` and `seq`, a chained one `prev` and `hash`. */
export interface EventLog {
  /** Resolves once the event is as safe as the log's durability promises; rejects with OUTPUT. */
  append(event: RecordedEvent): Promise<void>;
  /** Goes on in a new file where the old one was renamed away (SIGHUP). */
  reopen(): Promise<void>;
  /** Writes out what waits, makes it durable and closes. */
  close(): Promise<void>;
}
