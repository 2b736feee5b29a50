import { EVENT_SCHEMA } from '../event/event.ts';
import type { Access } from './access.ts';
import type { RecordedEvent } from './event-log.ts';
import { badInput, readAccess } from './input-access.ts';
import { readEvent } from './input-event.ts';

/** What somebody asks to be recorded: an access to judge, or an event that was judged before. */
export type RecordInput =
  | { readonly access: Access; readonly event: null }
  | { readonly access: null; readonly event: RecordedEvent };

/** Reads one line of NDJSON; throws INPUT with a sentence on what is wrong with it. */
export const readInputLine = (line: Buffer): RecordInput => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    throw badInput('is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInput('is no JSON object');
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const schema = members.get('schema');
  if (schema === EVENT_SCHEMA) return { access: null, event: readEvent(members) };
  if (schema !== undefined) throw badInput(`has another schema than ${EVENT_SCHEMA}`);
  return { access: readAccess(members), event: null };
};
