import { decodeEvent } from '../event/decode.ts';
import { readFields } from '../source/fields/line.ts';
import type { LineContext } from '../source/fields/fields.ts';
import type { LineExplanation, Step } from './explain.ts';

/** What a line of an event file says of its token; null where it is no event. */
export const explainEvent = (line: Uint8Array, context: LineContext): LineExplanation | null => {
  const read = decodeEvent(new TextDecoder().decode(line));
  if (read === null) return null;
  const { event } = read;
  const fields = {
    ...readFields(line, 0, line.length, context),
    time: event.time === null ? Number.NaN : Date.parse(event.time),
    event: event.event,
    ip: event.ip,
    method: event.method,
    path: event.path,
    status: event.status,
  };
  if (event.verdict === null) return { fields, tokens: [] };
  const steps: Step[] = [
    { name: 'recorded', outcome: 'told', text: 'the verdict is that of who recorded the event' },
  ];
  if (event.key !== null) {
    steps.push({ name: 'signature', outcome: 'told', text: `made by key ${event.key}` });
  }
  const { token_id: tokenId, verdict, reason } = event;
  return {
    fields,
    tokens: [{ columns: [1, line.length], tokenId: tokenId!, steps, verdict, reason }],
  };
};
