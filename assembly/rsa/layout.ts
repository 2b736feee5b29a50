// The memory map. Numbers lie as 51-bit digits, the lowest first, each a pair of lanes: two tokens at once.

export const DIGIT: usize = 16;
/** Digits of what is multiplied, which is under 2^2100. */
export const DIGITS: usize = 42;
/** Digits of a number below the modulus. */
export const SHORT_DIGITS: usize = 41;
/** Digits of a hash. */
export const HASH_DIGITS: usize = 6;
export const SIGNATURE_SIZE: usize = 256;

/** Where the host writes a signature and behind it the hash of what was signed, of one token after the other. */
export const SIGNED: usize = 0x400;
export const SIGNED_SIZE: usize = SIGNATURE_SIZE + 32;

/** Numbers have room for zeros on both sides: rows of products run over their ends. */
const NUMBER_SIZE: usize = (DIGITS + 6) * DIGIT;
const FIRST: usize = 0x800;
export const CONSTANTS: usize = FIRST;
export const FACTOR: usize = FIRST + 4 * DIGIT;
export const DOUBLED: usize = FACTOR + NUMBER_SIZE;
export const SIGNATURE: usize = DOUBLED + NUMBER_SIZE;
export const HASH: usize = SIGNATURE + NUMBER_SIZE;
/** Digits that clear three columns, and the next three. */
export const CLEARED: usize = HASH + NUMBER_SIZE;
/** Columns of a product, as whole numbers. */
export const COLUMNS: usize = CLEARED + 6 * DIGIT;
export const COLUMN_COUNT: usize = 2 * DIGITS + 4;
/** What columns start with: of a square, and of the last product. */
export const SQUARE_START: usize = COLUMNS + COLUMN_COUNT * DIGIT;
export const LAST_START: usize = SQUARE_START + COLUMN_COUNT * DIGIT;
/** A signature or hash, its lowest byte first. */
export const TURNED: usize = LAST_START + COLUMN_COUNT * DIGIT;

// What the host tells of a key. R is 2^(51 * 42).
export const KEYS: usize = 0x4000;
export const MOST_KEYS: usize = 16;
/** Bytes of the modulus, the highest first. */
export const KEY_MODULUS: usize = 0;
/** The inverse of the modulus, modulo 2^51. */
export const KEY_INVERSE: usize = 256;
/** Digits of: the inverse of 2^51; the modulus; what a hash is multiplied with, and what is added to that. */
export const KEY_STEP: usize = 512;
export const KEY_DIGITS: usize = KEY_STEP + NUMBER_SIZE;
export const KEY_WEIGHT: usize = KEY_DIGITS + NUMBER_SIZE;
export const KEY_PADDING: usize = KEY_WEIGHT + NUMBER_SIZE;
export const KEY_SIZE: usize = 0x1000;
