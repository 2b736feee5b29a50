import { encodeEvent } from '../event/encode.ts';
import { escapeJsonText } from '../event/escape-json.ts';
import type { AuthEvent } from '../event/event.ts';
import { readEventLines } from '../event/lines.ts';
import type { EventFormat } from '../report/reporter.ts';

/** Lines of NDJSON as they are to be printed. */
export type EventPrinter = (lines: Uint8Array) => string | Uint8Array;

/** Prints events in a format, each as `change` makes it; `now`, milliseconds, is for those without a time. */
export const eventPrinter = async (
  format: EventFormat,
  change: ((event: AuthEvent) => AuthEvent) | null,
  now: number,
): Promise<EventPrinter> => {
  if (format === 'ndjson' && change === null) return (lines) => lines;
  const encode = await encoderOf(format, now);
  return (lines) => {
    let text = '';
    for (const event of readEventLines(lines)) {
      text += `${encode(change === null ? event : change(event))}\n`;
    }
    return text;
  };
};

const encoderOf = async (
  format: EventFormat,
  now: number,
): Promise<(event: AuthEvent) => string> => {
  switch (format) {
    case 'ocsf': {
      const { ocsfEvent } = await import('../report/ocsf/event.ts');
      return (event) => escapeJsonText(JSON.stringify(ocsfEvent(event, now)));
    }
    case 'ecs': {
      const { ecsEvent } = await import('../report/ecs/event.ts');
      const moment = new Date(now).toISOString();
      return (event) => escapeJsonText(JSON.stringify(ecsEvent(event, moment)));
    }
    default:
      return encodeEvent;
  }
};
