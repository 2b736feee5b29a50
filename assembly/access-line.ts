// Time and status of an entry of an access log as the common formats have it, where the host's reading
// (src/source/fields/access.ts) can find no other: `203.0.113.9 - ada [22/Sep/2023:10:00:00 +0000] "GET / HTTP/1.1" 200 `.
import { isDigit, QUOTE } from './json';
import { midnightOf, pair } from './stamp';

const SPACE: u8 = 0x20;
const OPEN: u8 = 0x5b;
const BACKSLASH: u8 = 0x5c;

/** The host looks for the time in the first half a thousand bytes. */
const FARTHEST: usize = 400;
const TIME_SIZE: usize = 28;
const MINUTE: f64 = 60000;

export let time: f64 = NaN;
export let status: u32 = 0;

/** The day that was read last, as text: `22/Sep/2023`, which is eight bytes and the last eight. */
let dayStart: u64 = 0;
let dayEnd: u64 = 0;
let midnight: f64 = NaN;

/** Reads the line [start, end); false for any other. */
export function readAccessLine(start: usize, end: usize): bool {
  const open = bracketBehindNames(start, end);
  if (open == 0 || open + TIME_SIZE + 8 > end || !readTime(open + 1)) return false;
  // `]`, a space and the quote.
  if ((load<u32>(open + TIME_SIZE - 1) & 0xffffff) != 0x22205d) return false;
  const quote = endOfRequest(open + TIME_SIZE + 2, end);
  return quote != 0 && readStatus(quote + 1, end);
}

/** The first bracket behind an IPv4 address, 0 where there is none or a quote comes before. */
function bracketBehindNames(start: usize, end: usize): usize {
  let i = start;
  for (let part = 0; part < 4; part++) {
    const first = i;
    while (isDigit(load<u8>(i)) && i < first + 3) i++;
    if (i == first || load<u8>(i) != (part < 3 ? 0x2e : SPACE)) return 0;
    i++;
  }
  const limit = min(end, start + FARTHEST);
  for (; i < limit; i++) {
    const c = load<u8>(i);
    if (c == OPEN) return i;
    if (c == QUOTE) return 0;
  }
  return 0;
}

/** Reads `22/Sep/2023:10:00:00 +0000`; false where that is no time, or a leap second. */
function readTime(at: usize): bool {
  if (load<u64>(at) != dayStart || load<u64>(at + 3) != dayEnd) {
    midnight = readDay(at);
    dayStart = load<u64>(at);
    dayEnd = load<u64>(at + 3);
  }
  if (load<u8>(at + 11) != 0x3a || load<u8>(at + 14) != 0x3a || load<u8>(at + 17) != 0x3a) return false;
  const sign = load<u8>(at + 21);
  if (load<u8>(at + 20) != SPACE || (sign != 0x2b && sign != 0x2d)) return false;
  const hours = pair(at + 12);
  const minutes = pair(at + 15);
  const seconds = pair(at + 18);
  const east = pair(at + 22);
  const quarters = pair(at + 24);
  if (!arePairs(at + 12) || hours > 23 || minutes > 59 || seconds > 59 || isNaN(midnight)) return false;
  // The host takes what is no zone of this earth for text.
  if (east > 13 || quarters > 59 || quarters % 15 != 0) return false;
  const offset = <f64>(east * 60 + quarters) * (sign == 0x2d ? -MINUTE : MINUTE);
  time = midnight + <f64>(hours * 3600000 + minutes * 60000 + seconds * 1000) - offset;
  return true;
}

/** Whether the pairs of a time and its zone, from the hours on, are digits. */
function arePairs(at: usize): bool {
  for (let i: usize = 0; i < 14; i++) {
    const isMark = i == 2 || i == 5 || i == 8 || i == 9;
    if (!isMark && !isDigit(load<u8>(at + i))) return false;
  }
  return true;
}

/** Midnight of `22/Sep/2023` in milliseconds, NaN where there is no such day. */
function readDay(at: usize): f64 {
  if (load<u8>(at + 2) != 0x2f || load<u8>(at + 6) != 0x2f) return NaN;
  for (let i: usize = 0; i < 11; i++) {
    const isLetter = i >= 2 && i <= 6;
    if (!isLetter && !isDigit(load<u8>(at + i))) return NaN;
  }
  const month = monthOf(load<u32>(at + 3) & 0xffffff);
  return month == 0 ? NaN : midnightOf(pair(at + 7) * 100 + pair(at + 9), month, pair(at));
}

/** 1 to 12, 0 for none. */
function monthOf(name: u32): i32 {
  switch (name) {
    case 0x6e614a: return 1;
    case 0x626546: return 2;
    case 0x72614d: return 3;
    case 0x727041: return 4;
    case 0x79614d: return 5;
    case 0x6e754a: return 6;
    case 0x6c754a: return 7;
    case 0x677541: return 8;
    case 0x706553: return 9;
    case 0x74634f: return 10;
    case 0x766f4e: return 11;
    case 0x636544: return 12;
    default: return 0;
  }
}

/** The quote that ends the text at `at`, 0 where there is none or a backslash comes first. */
function endOfRequest(at: usize, end: usize): usize {
  for (let i = at; i < end; i += 16) {
    const text = v128.load(i);
    const stops = i8x16.bitmask(
      v128.or(i8x16.eq(text, i8x16.splat(QUOTE)), i8x16.eq(text, i8x16.splat(BACKSLASH))),
    );
    if (stops == 0) continue;
    const stop = i + ctz(stops);
    return stop < end && load<u8>(stop) == QUOTE ? stop : 0;
  }
  return 0;
}

/** Reads ` 200 `; false for what is no status, or may be a longer word. */
function readStatus(at: usize, end: usize): bool {
  if (at + 5 > end || load<u8>(at) != SPACE || load<u8>(at + 4) != SPACE) return false;
  const hundreds = <u32>load<u8>(at + 1) - 0x30;
  if (hundreds < 1 || hundreds > 5) return false;
  if (!isDigit(load<u8>(at + 2)) || !isDigit(load<u8>(at + 3))) return false;
  status = hundreds * 100 + <u32>pair(at + 2);
  return true;
}
