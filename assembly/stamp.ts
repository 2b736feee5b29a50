// The time of the lines that loggers write most: `2023-09-22 10:00:00,123 - Token: …` and nothing behind the token.

/** Milliseconds since the epoch, NaN where the line is the host's to read. */
export let time: f64 = NaN;

let day: u64 = 0;
let month: u32 = 0;
let midnight: f64 = NaN;

/** Days from 1970-01-01 of a day in the proleptic Gregorian calendar. */
function daysFromCivil(y: i32, m: i32, d: i32): i32 {
  const year = m <= 2 ? y - 1 : y;
  const era = (year >= 0 ? year : year - 399) / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** Two digits, the first in the low byte. */
// @ts-ignore: decorator
@inline
export function pair(at: usize): i32 {
  return <i32>load<u8>(at) * 10 + <i32>load<u8>(at + 1) - 528;
}

function daysIn(year: i32, monthNumber: i32): i32 {
  if (monthNumber == 2) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  }
  return monthNumber == 4 || monthNumber == 6 || monthNumber == 9 || monthNumber == 11 ? 30 : 31;
}

/** Midnight of a day in milliseconds, NaN where there is no such day. */
export function midnightOf(year: i32, monthNumber: i32, dayOfMonth: i32): f64 {
  // As the host has it: a log older than Unix time is none.
  if (year < 1970) return NaN;
  if (monthNumber < 1 || monthNumber > 12 || dayOfMonth < 1) return NaN;
  if (dayOfMonth > daysIn(year, monthNumber)) return NaN;
  return <f64>daysFromCivil(year, monthNumber, dayOfMonth) * 86400000.0;
}

const DIGITS: v128 = i8x16(-1, -1, -1, -1, 0, -1, -1, 0, -1, -1, 0, -1, -1, 0, -1, -1);
const MARKS: v128 = i8x16(0, 0, 0, 0, 0x2d, 0, 0, 0x2d, 0, 0, 0, 0, 0, 0x3a, 0, 0);
const MARKED: v128 = i8x16(0, 0, 0, 0, -1, 0, 0, -1, 0, 0, 0, 0, 0, -1, 0, 0);

/** Reads `2023-09-22 10:00:00` and a fraction at `at`; returns the place behind, 0 for anything else. */
export function readStamp(at: usize): usize {
  const text = v128.load(at);
  const value = i8x16.sub(text, i8x16.splat(0x30));
  const isDigit = i8x16.lt_u(value, i8x16.splat(10));
  if (v128.any_true(v128.andnot(DIGITS, isDigit))) return 0;
  if (v128.any_true(v128.and(MARKED, v128.xor(text, MARKS)))) return 0;
  const joint = load<u8>(at + 10);
  if (joint != 0x20 && joint != 0x54) return 0;
  const tail = load<u32>(at + 16);
  if ((tail & 0xff) != 0x3a) return 0;
  if (<u8>(load<u8>(at + 17) - 0x30) > 9 || <u8>(load<u8>(at + 18) - 0x30) > 9) return 0;
  if (load<u64>(at) != day || load<u32>(at + 6) != month) {
    midnight = midnightOf(pair(at) * 100 + pair(at + 2), pair(at + 5), pair(at + 8));
    day = load<u64>(at);
    month = load<u32>(at + 6);
  }
  const hours = pair(at + 11);
  const minutes = pair(at + 14);
  const seconds = pair(at + 17);
  // A leap second, and times that no day has, are the host's.
  if (isNaN(midnight) || hours > 23 || minutes > 59 || seconds > 59) return 0;
  let milliseconds: i32 = 0;
  let next = at + 19;
  const point = load<u8>(next);
  if (point == 0x2c || point == 0x2e) {
    for (let unit = 100; unit > 0; unit /= 10) {
      next++;
      const digit = <i32>load<u8>(next) - 0x30;
      // Fewer digits than three, or more, are the host's.
      if (<u32>digit > 9) return 0;
      milliseconds += digit * unit;
    }
    next++;
  }
  if (<u8>(load<u8>(next) - 0x30) < 10) return 0;
  time = midnight + <f64>(hours * 3600000 + minutes * 60000 + seconds * 1000 + milliseconds);
  return next;
}
