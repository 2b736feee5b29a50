import { Buffer } from 'node:buffer';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as UTF-8 text, or null where they are not UTF-8 (RFC 8725 section 3.7). */
export const decodeUtf8 = (bytes: Uint8Array, start: number, end: number): string | null => {
  let high = 0;
  for (let i = start; i < end; i++) high |= bytes[i]!;
  if (high < 0x80) return latin1(bytes, start, end);
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    return null;
  }
};

// A Buffer made from each slice costs more than the slice: borrow the method that Buffer itself calls.
const borrowed = Buffer.prototype as unknown as {
  latin1Slice: (this: Uint8Array, start: number, end: number) => string;
};
const slice = borrowed.latin1Slice;

/** One character per byte: exact and cheap, for text that is known to be ASCII or only compared. */
export const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  slice.call(bytes, start, end);
