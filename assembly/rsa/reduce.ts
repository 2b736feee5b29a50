// Montgomery's reduction: a multiple of the modulus, less than whole by one, clears the lowest digit of a sum; what is
// above goes on, plus that digit times the inverse of 2^51 (the key's step).
import { carryOf, digitOf, float, high, HIGH, low, LOW, sum } from './fused';
import { CLEARED, COLUMNS, DIGIT, DIGITS, FACTOR, KEY_STEP, SHORT_DIGITS } from './layout';
import { addRows, ROWS } from './products';

/** Digits of what is left of the columns, as whole numbers. */
export const REST: usize = COLUMNS + DIGITS * DIGIT;

const THREE_DIGITS: usize = ROWS * DIGIT;

const NOTHING: v128 = i64x2(0, 0);

/** The factor becomes the columns divided by R, modulo the modulus, but not below it: under 2^2100. */
export function reduce(key: usize): void {
  const step = key + KEY_STEP;
  let at = COLUMNS;
  let rows = CLEARED;
  let next = CLEARED + THREE_DIGITS;
  clearFirst(at, step, rows);
  clearSecond(at, step, rows);
  clearThird(at, rows);
  while ((at += THREE_DIGITS) < REST) {
    addCleared(rows, step, at, next);
    const used = rows;
    rows = next;
    next = used;
  }
  addRows(rows, step, at, at + SHORT_DIGITS * DIGIT, NOTHING);
  readRest();
}

/** Adds three rows. The next three columns are done soon: they are cleared meanwhile, as each waits for the one before. */
function addCleared(rows: usize, step: usize, at: usize, next: usize): void {
  const second = at + 3 * DIGIT;
  const third = at + 11 * DIGIT;
  const last = at + 19 * DIGIT;
  addRows(rows, step, at, second, NOTHING);
  clearFirst(at, step, next);
  addRows(rows, step + 3 * DIGIT, second, third, NOTHING);
  clearSecond(at, step, next);
  addRows(rows, step + 11 * DIGIT, third, last, NOTHING);
  clearThird(at, next);
  addRows(rows, step + 19 * DIGIT, last, at + SHORT_DIGITS * DIGIT, NOTHING);
}

/** Clears the first of three columns; the digit that does it goes to `to`, and its part to the columns behind. */
// @ts-ignore: decorator
@inline
function clearFirst(at: usize, step: usize, to: usize): void {
  const highest = v128.load(HIGH);
  const lowest = v128.load(LOW);
  const column = v128.load(at);
  const digit = float(digitOf(column));
  v128.store(to, digit);
  const first = v128.load(step);
  const second = v128.load(step, 16);
  const h = high(digit, first, highest);
  add(at + DIGIT, sum(carryOf(column), low(digit, first, h, lowest)));
  const behind = high(digit, second, highest);
  add(at + 2 * DIGIT, sum(h, low(digit, second, behind, lowest)));
  add(at + 3 * DIGIT, behind);
}

// @ts-ignore: decorator
@inline
function clearSecond(at: usize, step: usize, to: usize): void {
  const column = v128.load(at, 16);
  const digit = float(digitOf(column));
  v128.store(to, digit, 16);
  const first = v128.load(step);
  const h = high(digit, first, v128.load(HIGH));
  add(at + 2 * DIGIT, sum(carryOf(column), low(digit, first, h, v128.load(LOW))));
  add(at + 3 * DIGIT, h);
}

// @ts-ignore: decorator
@inline
function clearThird(at: usize, to: usize): void {
  const column = v128.load(at, 32);
  v128.store(to, float(digitOf(column)), 32);
  add(at + 3 * DIGIT, carryOf(column));
}

/** Adds to a column. */
// @ts-ignore: decorator
@inline
function add(at: usize, value: v128): void {
  v128.store(at, sum(v128.load(at), value));
}

/** Reads the digits above those that were cleared. */
function readRest(): void {
  let carry = NOTHING;
  for (let i: usize = 0; i < DIGITS * DIGIT; i += DIGIT) {
    const column = sum(v128.load(REST + i), carry);
    const digit = digitOf(column);
    carry = carryOf(column);
    v128.store(REST + i, digit);
    v128.store(FACTOR + i, float(digit));
  }
}
