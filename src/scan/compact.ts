import { BASE64URL } from './base64url.ts';
import { maskEnd } from './mask.ts';
import { SpanKind } from './spans.ts';

const DOT = 0x2e;
const EQUALS = 0x3d;

/** The shape of a dotted run, filled in place by `readShape`. */
export interface Shape {
  kind: number;
  firstDot: number;
  secondDot: number;
  end: number;
  padded: boolean;
}

/** End of the run of base64url characters that starts at `from`. */
export const endOfRun = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (i < limit && BASE64URL[bytes[i]!]! >= 0) i++;
  return i;
};

const skipPadding = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (i < limit && i < from + 2 && bytes[i] === EQUALS) i++;
  return i;
};

/**
 * Reads the segments after a header that ends at `headerEnd`. True for three parts (JWS compact,
 * RFC 7515 section 7.1), five parts (JWE, RFC 7516) or a masked signature; `shape.end` is where
 * to look on in either case, so that no byte is read more than a fixed number of times.
 */
export const readShape = (
  bytes: Uint8Array,
  headerEnd: number,
  limit: number,
  shape: Shape,
): boolean => {
  const firstDot = skipPadding(bytes, headerEnd, limit);
  shape.end = headerEnd;
  if (firstDot >= limit || bytes[firstDot] !== DOT) return false;
  const payloadEnd = endOfRun(bytes, firstDot + 1, limit);
  const secondDot = skipPadding(bytes, payloadEnd, limit);
  if (secondDot >= limit || bytes[secondDot] !== DOT) return false;
  const runEnd = endOfRun(bytes, secondDot + 1, limit);

  shape.firstDot = firstDot;
  shape.secondDot = secondDot;
  shape.padded = firstDot > headerEnd || secondDot > payloadEnd;

  const masked = payloadEnd > firstDot + 1 ? maskEnd(bytes, secondDot + 1, runEnd, limit) : -1;
  if (masked >= 0) {
    shape.kind = SpanKind.masked;
    shape.end = masked;
    return true;
  }
  let end = endOfPadding(bytes, secondDot + 1, runEnd, limit);
  if (end > runEnd) shape.padded = true;
  let parts = 3;
  while (end + 1 < limit && bytes[end] === DOT && BASE64URL[bytes[end + 1]!]! >= 0) {
    end = endOfRun(bytes, end + 1, limit);
    parts++;
  }
  shape.end = end;
  if (parts === 5) {
    shape.kind = SpanKind.jwe;
    return true;
  }
  shape.kind = SpanKind.jws;
  // `eyJhbGciOi...` is a token that somebody shortened, not a token without payload.
  return parts === 3 && end > secondDot + 1 + (payloadEnd === firstDot + 1 ? 0 : -1);
};

/** `=` after the signature belongs to it only where it completes four characters. */
const endOfPadding = (bytes: Uint8Array, start: number, end: number, limit: number): number => {
  const missing = (4 - ((end - start) & 3)) & 3;
  if (missing === 0 || missing === 3 || end + missing > limit) return end;
  for (let i = end; i < end + missing; i++) if (bytes[i] !== EQUALS) return end;
  return end + missing;
};
