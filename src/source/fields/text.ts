import { Buffer, isUtf8 } from 'node:buffer';

const HEX_DIGITS = '0123456789abcdef';

const isTail = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Length of the well-formed UTF-8 sequence at `at` (Unicode table 3-7), 0 where there is none. */
const sequenceLength = (bytes: Uint8Array, at: number, end: number): number => {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const second = at + 1 < end ? bytes[at + 1]! : 0;
  if (lead >= 0xc2 && lead <= 0xdf) return isTail(second) ? 2 : 0;
  const third = at + 2 < end ? bytes[at + 2] : undefined;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isTail(third) ? 3 : 0;
  }
  const fourth = at + 3 < end ? bytes[at + 3] : undefined;
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && isTail(third) && isTail(fourth) ? 4 : 0;
  }
  return 0;
};

/** As `textOf`, with `escape` written before the `xNN` of each byte that is not UTF-8. */
export const decodeWith = (
  bytes: Uint8Array,
  start: number,
  end: number,
  escape: string,
): string => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (isUtf8(view)) return view.toString('utf8');
  const escaped = Buffer.allocUnsafe(view.length * (escape.length + 3));
  let length = 0;
  for (let at = 0; at < view.length;) {
    const sequence = sequenceLength(view, at, view.length);
    if (sequence > 0) {
      length += view.copy(escaped, length, at, at + sequence);
      at += sequence;
      continue;
    }
    const byte = view[at]!;
    length += escaped.write(
      `${escape}x${HEX_DIGITS[byte >> 4]!}${HEX_DIGITS[byte & 15]!}`,
      length,
      'latin1',
    );
    at += 1;
  }
  return escaped.toString('utf8', 0, length);
};

/** Bytes `start` to `end` (exclusive) as text; a byte that is not UTF-8 shows as `\xNN`. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  decodeWith(bytes, start, end, '\\');

/** The words of tables that are written as lines. */
export const words = (...lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.split(' '));
