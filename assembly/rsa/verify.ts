// Signatures by RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2), 2048 bits and the exponent 65537, of two tokens
// at once. Instead of what the signature says, all is compared that it must say: s^65537 - (padding + hash) is a
// multiple of the modulus. No reduction is undone for that: the key's padding and weight have R in them as often.
import { carryOf, digitOf, float, high, HIGH, HIGH_BITS, LIFT, LIFTED, low, LOW, LOW_BITS, MASK, sum } from './fused';
import {
  DIGIT,
  DIGITS,
  FACTOR,
  HASH,
  HASH_DIGITS,
  KEYS,
  KEY_DIGITS,
  KEY_INVERSE,
  KEY_MODULUS,
  KEY_SIZE,
  SHORT_DIGITS,
  SIGNATURE,
  SIGNATURE_SIZE,
  SIGNED,
  SIGNED_SIZE,
  TURNED,
} from './layout';
import { multiplyLast, square } from './products';
import { reduce, REST } from './reduce';

const SQUARES: i32 = 16;

/** Which of the two tokens at `SIGNED` the key verifies: bit 0 for the first, bit 1 for the second. */
export function verifyTwo(slot: usize): i32 {
  const key = KEYS + slot * KEY_SIZE;
  for (let lane: usize = 0; lane < 2; lane++) {
    const signed = SIGNED + lane * SIGNED_SIZE;
    readDigits(signed, SIGNATURE_SIZE, SIGNATURE + lane * 8, SHORT_DIGITS);
    readDigits(signed + SIGNATURE_SIZE, 32, HASH + lane * 8, HASH_DIGITS);
  }
  memory.copy(FACTOR, SIGNATURE, DIGITS * DIGIT);
  for (let i = 0; i < SQUARES; i++) {
    square();
    reduce(key);
  }
  multiplyLast(key);
  reduce(key);
  return multiplesOf(key) & belowOf(key);
}

/** Reads a number of which the highest byte comes first into every second double at `to`. */
function readDigits(from: usize, size: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < size; i += 8) {
    store<u64>(TURNED + size - 8 - i, bswap<u64>(load<u64>(from + i)));
  }
  store<u64>(TURNED + size, 0);
  for (let i: usize = 0; i < count; i++) {
    const bit = i * 51;
    const digit = <i64>(load<u64>(TURNED + (bit >> 3)) >> (bit & 7)) & MASK;
    store<f64>(to + i * DIGIT, <f64>digit);
  }
}

/** In which lanes the signature is below the modulus (RFC 8017 section 5.2.2): others have the same remainder. */
function belowOf(key: usize): i32 {
  let lanes = 0;
  for (let lane = 0; lane < 2; lane++) {
    const signature = SIGNED + <usize>lane * SIGNED_SIZE;
    if (memory.compare(signature, key + KEY_MODULUS, SIGNATURE_SIZE) < 0) lanes |= 1 << lane;
  }
  return lanes;
}

/** In which lanes the rest is a multiple of the modulus: its lowest digit tells which, and all digits must agree. */
function multiplesOf(key: usize): i32 {
  const highest = v128.load(HIGH);
  const lowest = v128.load(LOW);
  const inverse = load<i64>(key + KEY_INVERSE);
  const times = float(i64x2((load<i64>(REST) * inverse) & MASK, (load<i64>(REST + 8) * inverse) & MASK));
  let wrong = i64x2.splat(0);
  let carry = i64x2.splat(LIFT >> 51);
  let before = i64x2.splat(HIGH_BITS);
  for (let i: usize = 0; i < DIGITS * DIGIT; i += DIGIT) {
    const digit = v128.load(key + KEY_DIGITS + i);
    const h = high(times, digit, highest);
    const difference = i64x2.sub(low(times, digit, h, lowest), v128.load(REST + i));
    const column = sum(sum(difference, before), sum(carry, i64x2.splat(LIFTED - HIGH_BITS - LOW_BITS)));
    wrong = v128.or(wrong, digitOf(column));
    carry = carryOf(column);
    before = h;
  }
  return i64x2.bitmask(i64x2.eq(wrong, i64x2.splat(0)));
}
