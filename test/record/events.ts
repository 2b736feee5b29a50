import { readFileSync } from 'node:fs';
import { EVENT_SCHEMA } from '../../src/event/event.ts';
import { NO_TOKEN } from '../../src/event/token.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';

/** An event with this id (empty: the log's own) and a text of `length` characters. */
export const eventOf = (id: string, length = 10): RecordedEvent => ({
  schema: EVENT_SCHEMA,
  event_id: id,
  time: '2023-09-22T10:00:00.000Z',
  file: null,
  line: null,
  offset: null,
  token_id: null,
  ...NO_TOKEN,
  event: 'x'.repeat(length),
  ip: '192.0.2.7',
  user_agent: null,
  method: 'GET',
  path: '/',
  status: 200,
  request_id: null,
});

export interface Recorded extends RecordedEvent {
  readonly writer: string;
  readonly seq: number;
  readonly prev?: string | null;
  readonly hash?: string;
}

export interface ReadLog {
  readonly events: readonly Recorded[];
  /** Lines that are no JSON. */
  readonly torn: readonly string[];
}

/**
 * What is in log files; a line that is no JSON is torn. An empty one is nothing: a process that
 * opens the file in the middle of another's write ends that line once more.
 */
export const readLog = (...paths: readonly string[]): ReadLog => {
  const events: Recorded[] = [];
  const torn: string[] = [];
  for (const path of paths) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        events.push(JSON.parse(line) as Recorded);
      } catch {
        torn.push(line);
      }
    }
  }
  return { events, torn };
};

/** Writers whose numbers do not run from 1 without a gap or a repeat. */
export const writersWithGaps = (events: readonly Recorded[]): string[] => {
  const last = new Map<string, number>();
  const bad = new Set<string>();
  for (const { writer, seq } of events.toSorted((a, b) => a.seq - b.seq)) {
    if (seq !== (last.get(writer) ?? 0) + 1) bad.add(writer);
    last.set(writer, seq);
  }
  return [...bad];
};
