// Sums of products, three rows at a time: of a column three products are added, then it is stored.
import { high, HIGH, low, LOW, sum } from './fused';
import {
  COLUMNS,
  COLUMN_COUNT,
  DIGIT,
  DIGITS,
  DOUBLED,
  FACTOR,
  HASH,
  HASH_DIGITS,
  KEY_PADDING,
  KEY_WEIGHT,
  LAST_START,
  SIGNATURE,
  SQUARE_START,
} from './layout';

/** Rows that are worked on together; `DIGITS` and `HASH_DIGITS` are multiples. */
export const ROWS: usize = 3;

/**
 * Adds three rows to the columns [`at`, `end`): each column `rows[0] * n[2] + rows[1] * n[1] + rows[2] * n[0]` of the
 * digits at `rows` and at `n`, which goes on by one with each. `carried`: high parts from the column before.
 */
// @ts-ignore: decorator
@inline
export function addRows(rows: usize, n: usize, at: usize, end: usize, carried: v128): void {
  const a = v128.load(rows);
  const b = v128.load(rows, 16);
  const c = v128.load(rows, 32);
  const highest = v128.load(HIGH);
  const lowest = v128.load(LOW);
  while (at < end) {
    let digit = v128.load(n, 32);
    let h = high(a, digit, highest);
    let column = sum(carried, low(a, digit, h, lowest));
    carried = h;
    digit = v128.load(n, 16);
    h = high(b, digit, highest);
    column = sum(column, low(b, digit, h, lowest));
    carried = sum(carried, h);
    digit = v128.load(n);
    h = high(c, digit, highest);
    column = sum(column, low(c, digit, h, lowest));
    carried = sum(carried, h);
    v128.store(at, sum(v128.load(at), column));
    at += DIGIT;
    n += DIGIT;
  }
  v128.store(at, sum(v128.load(at), carried));
}

/** Adds all rows of the product of the numbers at `a`, `count` digits, and at `b`. */
function addProduct(a: usize, count: usize, b: usize): void {
  for (let i: usize = 0; i < count * DIGIT; i += ROWS * DIGIT) {
    const at = COLUMNS + i;
    const end = at + (DIGITS + 2) * DIGIT;
    addRows(a + i, b - 2 * DIGIT, at, end, i64x2.splat(0));
  }
}

/** Columns of the factor times the signature, and of the hash as the key weighs it, and what it is padded with. */
export function multiplyLast(key: usize): void {
  for (let i: usize = 0; i < COLUMN_COUNT * DIGIT; i += DIGIT) {
    // Behind the digits of the padding there are zeros.
    const digit = i < DIGITS * DIGIT ? v128.load(key + KEY_PADDING + i) : i64x2.splat(0);
    v128.store(COLUMNS + i, sum(v128.load(LAST_START + i), digit));
  }
  addProduct(FACTOR, DIGITS, SIGNATURE);
  addProduct(HASH, HASH_DIGITS, key + KEY_WEIGHT);
}

/** Columns of the factor's square: products of two different digits are taken once, one of the digits doubled. */
export function square(): void {
  for (let i: usize = 0; i < DIGITS * DIGIT; i += DIGIT) {
    const digit = v128.load(FACTOR + i);
    v128.store(DOUBLED + i, f64x2.add(digit, digit));
  }
  memory.copy(COLUMNS, SQUARE_START, COLUMN_COUNT * DIGIT);
  for (let i: usize = 0; i < DIGITS * DIGIT; i += ROWS * DIGIT) squareRows(i);
}

/** Three rows of the square, from the digit at `i` on: the first five columns have one to three products. */
function squareRows(i: usize): void {
  const highest = v128.load(HIGH);
  const lowest = v128.load(LOW);
  const from = FACTOR + i;
  const at = COLUMNS + 2 * i;
  const x = v128.load(from);
  const y = v128.load(from, 16);
  const z = v128.load(from, 32);
  const a = v128.load(DOUBLED + i);
  const b = v128.load(DOUBLED + i, 16);
  let h = high(x, x, highest);
  v128.store(at, sum(v128.load(at), low(x, x, h, lowest)));
  let carried = h;

  h = high(a, y, highest);
  v128.store(at, sum(v128.load(at, 16), sum(carried, low(a, y, h, lowest))), 16);
  carried = h;

  h = high(y, y, highest);
  let column = sum(carried, low(y, y, h, lowest));
  carried = h;
  h = high(a, z, highest);
  v128.store(at, sum(v128.load(at, 32), sum(column, low(a, z, h, lowest))), 32);
  carried = sum(carried, h);

  let digit = v128.load(from, 48);
  h = high(a, digit, highest);
  column = sum(carried, low(a, digit, h, lowest));
  carried = h;
  h = high(b, z, highest);
  v128.store(at, sum(v128.load(at, 48), sum(column, low(b, z, h, lowest))), 48);
  carried = sum(carried, h);

  h = high(z, z, highest);
  column = sum(carried, low(z, z, h, lowest));
  carried = h;
  h = high(b, digit, highest);
  column = sum(column, low(b, digit, h, lowest));
  carried = sum(carried, h);
  digit = v128.load(from, 64);
  h = high(a, digit, highest);
  v128.store(at, sum(v128.load(at, 64), sum(column, low(a, digit, h, lowest))), 64);
  carried = sum(carried, h);

  const end = COLUMNS + i + (DIGITS + 2) * DIGIT;
  addRows(DOUBLED + i, from + 48, at + 80, end, carried);
}
