// What columns start with: less what each product will add to them of the constants, and lifted.
import { HIGH_BITS, isFused, LIFT, LIFTED, LOW_BITS, writeConstants } from './fused';
import { COLUMN_COUNT, DIGIT, DIGITS, HASH_DIGITS, LAST_START, SQUARE_START } from './layout';
import { ROWS } from './products';

/** Of the columns from the first of a square's three rows on, as many have the products of two digits, or one squared. */
const SQUARE_HEAD = memory.data<u32>([1, 1, 2, 2, 3]);

/** To be called first; false where the machine can't do it. */
export function start(a: f64, b: f64): bool {
  writeConstants();
  if (!isFused(a, b)) return false;
  lift(SQUARE_START);
  lift(LAST_START);
  for (let i: usize = 0; i < DIGITS; i += ROWS) {
    for (let k: usize = 0; k < 5; k++) count(SQUARE_START, 2 * i + k, load<u32>(SQUARE_HEAD + k * 4));
    countRows(SQUARE_START, i, 2 * i + 5);
    countCleared(SQUARE_START, i);
    countCleared(LAST_START, i);
    countRows(LAST_START, i, i);
  }
  for (let i: usize = 0; i < HASH_DIGITS; i += ROWS) countRows(LAST_START, i, i);
  return true;
}

function lift(table: usize): void {
  for (let column: usize = 0; column < COLUMN_COUNT; column++) {
    v128.store(table + column * DIGIT, i64x2.splat(column == 0 ? LIFT : LIFTED));
  }
}

/** Counts products of a column, whose high parts go to the next. */
function count(table: usize, column: usize, products: i64): void {
  add(table + column * DIGIT, -LOW_BITS * products);
  add(table + (column + 1) * DIGIT, -HIGH_BITS * products);
}

function add(at: usize, value: i64): void {
  v128.store(at, i64x2.add(v128.load(at), i64x2.splat(value)));
}

/** Counts three rows of products, the first of which is that of digit `i`, from the column `from` on. */
function countRows(table: usize, i: usize, from: usize): void {
  for (let column = from; column < i + DIGITS + 2; column++) count(table, column, ROWS);
}

/** Counts what clearing three columns adds. */
function countCleared(table: usize, i: usize): void {
  count(table, i + 1, 1);
  count(table, i + 2, 2);
  countRows(table, i, i + ROWS);
}
