import { Buffer } from 'node:buffer';
import type { AuthEvent } from './event.ts';

/** The events of lines of NDJSON that this program wrote itself. */
export const readEventLines = function* (lines: Uint8Array): Generator<AuthEvent> {
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString();
  for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as AuthEvent;
};
