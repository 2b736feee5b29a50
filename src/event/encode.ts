import type { AuthEvent } from './event.ts';
import { escapeJsonText } from './escape-json.ts';

/** An event as its one line of JSON, without the newline: nothing in it acts on a terminal or ends the line. */
export const encodeEvent = (event: AuthEvent): string => escapeJsonText(JSON.stringify(event));
