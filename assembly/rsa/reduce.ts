// Montgomery's reduction: a multiple of the modulus, less than whole by one, clears the lowest digit of a sum; what is
// above goes on, plus that digit times the inverse of 2^51 (the key's step).
import {
  bits,
  carryOf,
  digitOf,
  float,
  high,
  HIGH,
  HIGH_BITS,
  LIFT_CARRIED,
  lifted,
  low,
  LOW,
  LOW_BITS,
  sum,
} from './fused';
import { CLEARED, COLUMNS, DIGIT, DIGITS, FACTOR, KEY_STEP, SHORT_DIGITS } from './layout';
import { addRows, NOTHING_CARRIED, ROWS } from './products';

/** Digits of what is left of the columns, as whole numbers. */
export const REST: usize = COLUMNS + DIGITS * DIGIT;

const THREE_DIGITS: usize = ROWS * DIGIT;

/** The factor becomes the columns divided by R, modulo the modulus, but not below it: under 2^2100. */
export function reduce(key: usize): void {
  const step = key + KEY_STEP;
  let at = COLUMNS;
  let rows = CLEARED;
  let next = CLEARED + THREE_DIGITS;
  v128.store(at, sum(v128.load(at), bits(LIFT_CARRIED)));
  clearFirst(at, step, rows);
  clearSecond(at, step, rows);
  clearThird(at, rows);
  while ((at += THREE_DIGITS) < REST) {
    addCleared(rows, step, at, next);
    const used = rows;
    rows = next;
    next = used;
  }
  addRows(rows, step, at, at + SHORT_DIGITS * DIGIT, bits(NOTHING_CARRIED));
  readRest();
}

/** Adds three rows. The next three columns are done soon: they are cleared meanwhile, as each waits for the one before. */
function addCleared(rows: usize, step: usize, at: usize, next: usize): void {
  const carried = bits(NOTHING_CARRIED);
  const second = at + 3 * DIGIT;
  const third = at + 11 * DIGIT;
  const last = at + 19 * DIGIT;
  addRows(rows, step, at, second, carried);
  clearFirst(at, step, next);
  addRows(rows, step + 3 * DIGIT, second, third, carried);
  clearSecond(at, step, next);
  addRows(rows, step + 11 * DIGIT, third, last, carried);
  clearThird(at, next);
  addRows(rows, step + 19 * DIGIT, last, at + SHORT_DIGITS * DIGIT, carried);
}

/** Clears the first of three columns; the digit that does it goes to `to`, and its part to the columns behind. */
// @ts-ignore: decorator
@inline
function clearFirst(at: usize, step: usize, to: usize): void {
  const highest = v128.load(HIGH);
  const lowest = v128.load(LOW);
  const column = lifted(v128.load(at));
  const digit = float(digitOf(column));
  v128.store(to, digit);
  const first = v128.load(step);
  const second = v128.load(step, 16);
  const h = high(digit, first, highest);
  add(at + DIGIT, carryOf(column), low(digit, first, h, lowest), -LOW_BITS);
  const behind = high(digit, second, highest);
  add(at + 2 * DIGIT, h, low(digit, second, behind, lowest), -HIGH_BITS - LOW_BITS);
  add(at + 3 * DIGIT, behind, bits(0), -HIGH_BITS);
}

// @ts-ignore: decorator
@inline
function clearSecond(at: usize, step: usize, to: usize): void {
  const column = lifted(v128.load(at, 16));
  const digit = float(digitOf(column));
  v128.store(to, digit, 16);
  const first = v128.load(step);
  const h = high(digit, first, v128.load(HIGH));
  add(at + 2 * DIGIT, carryOf(column), low(digit, first, h, v128.load(LOW)), -LOW_BITS);
  add(at + 3 * DIGIT, h, bits(0), -HIGH_BITS);
}

// @ts-ignore: decorator
@inline
function clearThird(at: usize, to: usize): void {
  const column = lifted(v128.load(at, 32));
  v128.store(to, float(digitOf(column)), 32);
  add(at + 3 * DIGIT, carryOf(column), bits(0), 0);
}

/** Adds to a column. */
// @ts-ignore: decorator
@inline
function add(at: usize, a: v128, b: v128, constants: i64): void {
  v128.store(at, sum(v128.load(at), sum(sum(a, b), bits(constants))));
}

/** Reads the digits above those that were cleared. */
function readRest(): void {
  let carry = bits(0);
  for (let i: usize = 0; i < DIGITS * DIGIT; i += DIGIT) {
    const column = lifted(sum(v128.load(REST + i), carry));
    const digit = digitOf(column);
    carry = carryOf(column);
    v128.store(REST + i, digit);
    v128.store(FACTOR + i, float(digit));
  }
}
