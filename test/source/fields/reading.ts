import { Buffer } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { readFacts } from '../../../src/source/fields/facts.ts';
import type { LineContext, LineFacts, LineFields } from '../../../src/source/fields/fields.ts';
import { readFields } from '../../../src/source/fields/line.ts';

/** A day after the lines of the samples. */
export const REFERENCE = Date.UTC(2023, 8, 23);

export const context = (changes: Partial<LineContext> = {}): LineContext => ({
  zone: 'UTC',
  reference: REFERENCE,
  year: null,
  ...changes,
});

/** Text or bytes as a line that stands alone. */
export const lineOf = (line: string | Uint8Array): Uint8Array =>
  typeof line === 'string' ? Buffer.from(line) : line;

export const fieldsOf = (
  line: string | Uint8Array,
  changes: Partial<LineContext> = {},
): LineFields => {
  const bytes = lineOf(line);
  return readFields(bytes, 0, bytes.length, context(changes));
};

export const factsOf = (
  line: string | Uint8Array,
  changes: Partial<LineContext> = {},
): LineFacts => {
  const bytes = lineOf(line);
  const facts: LineFacts = { time: 0, timeFlags: 0, status: 0 };
  readFacts(bytes, 0, bytes.length, context(changes), facts);
  return facts;
};

/** The line's time as RFC 3339, `bad` for a stamp that names no moment, `none` for no stamp. */
export const timeOf = (line: string | Uint8Array, changes: Partial<LineContext> = {}): string => {
  const { time, timeFlags } = factsOf(line, changes);
  if (Number.isNaN(time)) return timeFlags === 1 ? 'bad' : 'none';
  return new Date(time).toISOString();
};

const VECTORS =
  process.env['AUTHLOG_VECTORS'] ??
  fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));

/** Lines of a third-party sample log, or null where the samples are missing. */
export const sampleLines = (name: string): Uint8Array[] | null => {
  const path = join(VECTORS, 'lnav/test', name);
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    lines.push(bytes.subarray(start, bytes[end - 1] === 0x0d && end > start ? end - 1 : end));
    start = end + 1;
  }
  return lines;
};

/** A token-like text; its signature is `SIGNATURE`. */
export const SIGNATURE = 'c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
export const TOKEN: string = `eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMTIzNDUifQ.${SIGNATURE}`;
