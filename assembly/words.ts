// Words that are long enough to hold a token, and the ids of plain ones; see src/redact. In an instance of its own.
import { endOfRun } from './base64url';
import { compressBlocks, startFour } from './lanes';
import { laneOf, take, wait } from './queues';
import { JSON, LONGEST_TOKEN } from './layout';
import { STATE256 } from './sha256';

/** A shorter word is not told. */
const SHORTEST_WORD: usize = 16;
/** A shorter signature may be a mark. */
const SHORTEST_SIGNATURE: usize = 43;

export const WORD_SIZE: i32 = 40;
// Of a word: its start and end, then, where it is a plain token, its two dots, else 0, and its id.
const WORD_START: usize = 0;
const WORD_END: usize = 4;
const WORD_DOTS: usize = 8;
const WORD_ID: usize = 16;

const MOST_BLOCKS: usize = <usize>LONGEST_TOKEN / 64 + 2;
const QUEUE_SIZE: usize = 20;
const QUEUES: usize = JSON;
export const WORDS_TEXT: usize = QUEUES + ((MOST_BLOCKS * QUEUE_SIZE + 63) & ~63);

const ALPHABET: usize = memory.data<u8>([
  65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88,
  89, 90, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114,
  115, 116, 117, 118, 119, 120, 121, 122, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 45, 95,
]);

/** Where the records of the last call are. */
export let words: usize = 0;
let record: usize = 0;

/** Makes room for a text of `length` bytes; false where memory ran out. */
export function reserveText(length: i32): bool {
  words = (WORDS_TEXT + <usize>length + 0xff) & ~0x3f;
  const end = words + (<usize>length / (SHORTEST_WORD + 1) + 2) * <usize>WORD_SIZE;
  const have = <usize>memory.size() << 16;
  return end <= have || memory.grow(<i32>((end - have + 0xffff) >> 16)) >= 0;
}

/** Bit i is set where byte i of the sixteen at `at` is one that a token is spelled with, encoded or not. */
// @ts-ignore: decorator
@inline
function spelled(at: usize): u32 {
  const text = v128.load(at);
  // Bits of the high halves with which a low half makes `#%&-.`, `0-9;=`, letters, `P-Z\_`, `p-z`.
  const low = v128.swizzle(
    i8x16(26, 30, 30, 31, 30, 31, 31, 30, 30, 30, 28, 6, 12, 7, 5, 12),
    v128.and(text, i8x16.splat(0x0f)),
  );
  const high = v128.swizzle(
    i8x16(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0),
    i8x16.shr_u(text, 4),
  );
  return ~i8x16.bitmask(i8x16.eq(v128.and(low, high), i8x16.splat(0))) & 0xffff;
}

/** Records the words of the text's bytes from `from` to `to`; returns how many there are. */
export function findWords(from: i32, to: i32): i32 {
  const limit = WORDS_TEXT + <usize>to;
  for (let i: usize = 0; i < 64; i += 16) v128.store(limit + i, i8x16.splat(0));
  memory.fill(QUEUES, 0, MOST_BLOCKS * QUEUE_SIZE);
  record = words;
  let start: usize = 0;
  for (let i = WORDS_TEXT + <usize>from; i < limit; i += 16) {
    const mask = spelled(i);
    if (mask == 0xffff) {
      if (start == 0) start = i;
      continue;
    }
    if (start != 0) addWord(start, i + ctz(~mask), limit);
    const last = clz(~(mask << 16));
    start = last == 0 ? 0 : i + 16 - last;
  }
  if (start != 0) addWord(start, limit, limit);
  for (let blocks: usize = 1; blocks < MOST_BLOCKS; blocks++) {
    if (load<u32>(QUEUES + blocks * QUEUE_SIZE) > 0) hashFour(blocks);
  }
  return <i32>((record - words) / <usize>WORD_SIZE);
}

function addWord(start: usize, end: usize, limit: usize): void {
  if (end - start < SHORTEST_WORD) return;
  store<u32>(record + WORD_START, <u32>start);
  store<u32>(record + WORD_END, <u32>end);
  store<u64>(record + WORD_DOTS, 0);
  if (load<u8>(start) == 0x65 && end < limit) readToken(start, end);
  record += WORD_SIZE;
}

/** A header, a payload and a signature, and nothing around them. */
function readToken(start: usize, end: usize): void {
  const firstDot = endOfRun(start);
  if (load<u8>(firstDot) != 0x2e || firstDot - start < SHORTEST_WORD) return;
  const secondDot = endOfRun(firstDot + 1);
  if (load<u8>(secondDot) != 0x2e || secondDot == firstDot + 1) return;
  if (end - secondDot <= SHORTEST_SIGNATURE || endOfRun(secondDot + 1) != end) return;
  if (end - start > <usize>LONGEST_TOKEN) return;
  store<u32>(record + WORD_DOTS, <u32>(firstDot - WORDS_TEXT));
  store<u32>(record + WORD_DOTS + 4, <u32>(secondDot - WORDS_TEXT));
  const blocks = (end - start + 9 + 63) >> 6;
  const queue = QUEUES + blocks * QUEUE_SIZE;
  if (wait(queue, record, 4)) hashFour(blocks);
}

/** SHA-256 of up to four tokens of as many blocks, of which 96 bits are their ids. */
function hashFour(blocks: usize): void {
  const queue = QUEUES + blocks * QUEUE_SIZE;
  const count = take(queue);
  startFour(queue, count, WORD_END);
  compressBlocks(0, blocks);
  for (let lane: u32 = 0; lane < count; lane++) {
    const id = laneOf(queue, 4, lane) + WORD_ID;
    const state = STATE256 + <usize>lane * 4;
    const first = <u64>load<u32>(state);
    const second = <u64>load<u32>(state + 16);
    const third = <u64>load<u32>(state + 32);
    writeId(id, (first << 16) | (second >> 16));
    writeId(id + 8, ((second & 0xffff) << 32) | third);
  }
}

/** Eight characters of base64url for the low 48 bits. */
function writeId(to: usize, bits: u64): void {
  for (let i: usize = 0; i < 8; i++) {
    store<u8>(to + i, load<u8>(ALPHABET + <usize>((bits >> (42 - 6 * i)) & 63)));
  }
}
