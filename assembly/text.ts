// Texts compared and copied, numbers and moments as text.

const DAY: f64 = 86400000;
/** The years from 0 to 9999: others can't be written with four digits. */
const FIRST: f64 = -62167219200000;
const YEAR_10000: f64 = 253402300800000;
/** Days from 0000-03-01 to 1970-01-01, and of 400 years. */
const TO_1970: i32 = 719468;
const CYCLE: i32 = 146097;

/** Writes a whole number; where it ends. */
export function writeNumber(to: usize, value: u64): usize {
  let end = to + 1;
  for (let rest = value / 10; rest > 0; rest /= 10) end++;
  let at = end;
  let rest = value;
  do {
    store<u8>(--at, <u8>(0x30 + (rest % 10)));
    rest /= 10;
  } while (at > to);
  return end;
}

/** Writes milliseconds since the epoch as RFC 3339 does, in UTC; where it ends, 0 for what can't be written so. */
export function writeMoment(to: usize, milliseconds: f64): usize {
  if (!(milliseconds >= FIRST && milliseconds < YEAR_10000)) return 0;
  const whole = trunc(milliseconds);
  const day = floor(whole / DAY);
  const rest = <i32>(whole - day * DAY);
  writeDate(to, <i32>day);
  store<u8>(to + 10, 0x54);
  const seconds = rest / 1000;
  writeTwo(to + 11, seconds / 3600);
  store<u8>(to + 13, 0x3a);
  writeTwo(to + 14, (seconds / 60) % 60);
  store<u8>(to + 16, 0x3a);
  writeTwo(to + 17, seconds % 60);
  const fraction = rest % 1000;
  if (fraction == 0) {
    store<u8>(to + 19, 0x5a);
    return to + 20;
  }
  store<u8>(to + 19, 0x2e);
  writeTwo(to + 20, fraction / 10);
  store<u8>(to + 22, <u8>(0x30 + (fraction % 10)));
  store<u8>(to + 23, 0x5a);
  return to + 24;
}

// @ts-ignore: decorator
@inline
function writeTwo(to: usize, value: i32): void {
  store<u8>(to, <u8>(0x30 + value / 10));
  store<u8>(to + 1, <u8>(0x30 + (value % 10)));
}

/** Years that start in March have their leap day last, so months follow one another in a fixed rhythm. */
function writeDate(to: usize, day: i32): void {
  const since = day + TO_1970 + CYCLE;
  const cycle = since / CYCLE;
  const ofCycle = since % CYCLE;
  // Less the leap days before it, a day of the cycle counts years of 365.
  const year = (ofCycle - ofCycle / 1460 + ofCycle / 36524 - ofCycle / 146096) / 365;
  const ofYear = ofCycle - (365 * year + year / 4 - year / 100);
  const fromMarch = (5 * ofYear + 2) / 153;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const calendarYear = year + (cycle - 1) * 400 + (month <= 2 ? 1 : 0);
  writeTwo(to, calendarYear / 100);
  writeTwo(to + 2, calendarYear % 100);
  store<u8>(to + 4, 0x2d);
  writeTwo(to + 5, month);
  store<u8>(to + 7, 0x2d);
  writeTwo(to + 8, ofYear - (153 * fromMarch + 2) / 5 + 1);
}

/** Below zero where the text from `a` on comes before that from `b` on, above where it comes behind. */
export function compareTexts(a: usize, endOfA: usize, b: usize, endOfB: usize): i32 {
  let i = a;
  let j = b;
  for (; i < endOfA && j < endOfB; i++, j++) {
    if (load<u8>(i) != load<u8>(j)) return <i32>load<u8>(i) - <i32>load<u8>(j);
  }
  return <i32>(endOfA - a) - <i32>(endOfB - b);
}

/** Copies a text to `to`; where it ends. */
// @ts-ignore: decorator
@inline
export function copy(to: usize, from: usize, length: u32): usize {
  memory.copy(to, from, length);
  return to + <usize>length;
}
