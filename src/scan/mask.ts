import { latin1 } from './text.ts';

const WORD =
  /^[_-]*(?:(?:signature|sig|jwt|token)[_-]?)?(?:redacted|masked|removed|filtered|hidden|stripped|omitted|scrubbed|sanitized|truncated|protected)[_-]*$|^(?:signature|sig|x{3,}|_{3,}|-{3,})$/i;
const BRACKETED =
  /^[[<({][^\]>)}\n]{0,40}(?:redact|mask|remov|filter|hid|strip|omit|scrub|sanit|trunc|secret|signature|\*\*)[^\]>)}\n]{0,40}[\]>)}]/i;
const LONGEST_WORD = 32;
const LONGEST_BRACKETED = 84;

/**
 * A redactor's mark in the place of the signature (`***`, `[REDACTED]`, `xxxx`, `…`, `...`),
 * alone or after the first characters of it. Returns its end, or -1 where there is none.
 * A masked token can be neither verified nor called forged.
 */
export const maskEnd = (
  bytes: Uint8Array,
  start: number,
  runEnd: number,
  limit: number,
): number => {
  const next = runEnd < limit ? bytes[runEnd]! : 0;
  if (next === 0x2a) return starsEnd(bytes, runEnd, limit);
  // Behind the limit lies what another block left there.
  if (next === 0x2e && runEnd + 1 < limit && bytes[runEnd + 1] === 0x2e) {
    return dotsEnd(bytes, runEnd, limit);
  }
  const isEllipsis = next === 0xe2 && bytes[runEnd + 1] === 0x80 && bytes[runEnd + 2] === 0xa6;
  if (isEllipsis && runEnd + 3 <= limit) return runEnd + 3;
  const length = runEnd - start;
  if (length === 0) {
    if (next !== 0x5b && next !== 0x3c && next !== 0x28 && next !== 0x7b) return -1;
    const text = latin1(bytes, runEnd, Math.min(limit, runEnd + LONGEST_BRACKETED));
    const found = BRACKETED.exec(text);
    return found === null ? -1 : runEnd + found[0].length;
  }
  return length <= LONGEST_WORD && WORD.test(latin1(bytes, start, runEnd)) ? runEnd : -1;
};

const starsEnd = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (i < limit && bytes[i] === 0x2a) i++;
  return i - from >= 3 ? i : -1;
};

const dotsEnd = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (i < limit && bytes[i] === 0x2e) i++;
  return i;
};
