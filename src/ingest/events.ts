import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../record/event-log.ts';

const ID_LENGTH = 22;

/** Makes the id of an event that was found in a generation of a log. */
export type EventId = (generation: string, event: RecordedEvent) => string;

/**
 * The same whatever the file is named, and however often it is read. The token is part of it: should
 * a file ever be taken for another one, what it says anew is new.
 */
export const eventIdOf: EventId = (generation, { offset, token_id: token }) =>
  createHash('sha256')
    .update(`${generation}\0${offset}\0${token}`)
    .digest('base64url')
    .slice(0, ID_LENGTH);

/** What else happens to an event before it is stored. */
export type Change = (event: RecordedEvent) => RecordedEvent;

/** Lines of events as a judge writes them → events with ids of this generation; recorded ones keep their own. */
export const readEvents = (
  lines: Uint8Array,
  generation: string,
  idOf: EventId,
  change: Change | null,
): readonly RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line === '') continue;
    const event = JSON.parse(line) as RecordedEvent & { readonly verified_by?: string };
    const isOurs = event.verified_by === undefined;
    const named = isOurs ? { ...event, event_id: idOf(generation, event) } : event;
    events.push(change === null ? named : change(named));
  }
  return events;
};
