// Messages of equal block counts wait for each other, then fill the lanes together.
import { SLOT_KEY, SLOT_OUTER } from './key-slots';
import { KEY_SLOTS, KEY_SLOT_SIZE, LANES } from './layout';
import { addCheck } from './checks';
import { awaitHash, awaitInputHash, flushHashes, setFingerprint } from './hashes';
import { begin, keepPrefix } from './prefixes';
import { laneOf, MOST_BLOCKS, MOST_WIDE_BLOCKS, QUEUES, QUEUE_SIZE, take, wait, WIDE_QUEUES } from './queues';
import {
  FORGED,
  TOKEN_END,
  TOKEN_HEADER,
  TOKEN_INPUT_END,
  TOKEN_KEY,
  TOKEN_MIDSTATE,
  TOKEN_SIGNATURE,
  TOKEN_START,
  TOKEN_STATE,
  TOKEN_TAKEN,
  TOKEN_TRIED,
  VERIFIED,
} from './records';
import { BY_HOST, HASHED, HEADER_ALG, HEADER_KEYS, HEADER_KEY_COUNT } from './headers';
import { compressFour, compressSchedule, IV256, SCHEDULE256, STATE256 } from './sha256';
import { hmacTwo } from './wide-lanes';

/** Ends of messages with their padding, 256 bytes a lane. */
export const TAILS: usize = LANES + 0x1000;

/** Of the message in each lane: where what is left of it starts, and how many whole blocks that has. */
const LANE_FROM: usize = memory.data(32);

const PLACES: v128 = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

/** Lets a token wait for its signature to be checked with the key that is its header's next. */
export function enqueue(record: usize): void {
  const length = <usize>(load<u32>(record + TOKEN_INPUT_END) - load<u32>(record + TOKEN_START));
  const alg = load<u32>(<usize>load<u32>(record + TOKEN_HEADER) + HEADER_ALG);
  if (alg == 256) {
    const left = length - <usize>begin(record, length, slotOf(record));
    const blocks = (left + 9 + 63) >> 6;
    if (wait(QUEUES + blocks * QUEUE_SIZE, record, 4)) {
      hmacFour(QUEUES + blocks * QUEUE_SIZE, blocks);
    }
  } else if (alg == BY_HOST) {
    addCheck(record);
  } else if (alg == HASHED) {
    awaitInputHash(record);
  } else {
    const blocks = (length + 17 + 127) >> 7;
    const queue = WIDE_QUEUES + (alg == 384 ? MOST_WIDE_BLOCKS + blocks : blocks) * QUEUE_SIZE;
    if (wait(queue, record, 2)) hmacTwo(queue, blocks);
  }
}

/** Works off what still waits; a check that fails may let its token wait for another key. */
export function flushLanes(): void {
  for (let more = true; more; ) {
    more = false;
    for (let blocks: usize = 0; blocks < MOST_BLOCKS; blocks++) {
      if (load<u32>(QUEUES + blocks * QUEUE_SIZE) > 0) {
        hmacFour(QUEUES + blocks * QUEUE_SIZE, blocks);
        more = true;
      }
    }
    for (let i: usize = 0; i < 2 * MOST_WIDE_BLOCKS; i++) {
      const queue = WIDE_QUEUES + i * QUEUE_SIZE;
      if (load<u32>(queue) == 0) continue;
      hmacTwo(queue, i % MOST_WIDE_BLOCKS);
      more = true;
    }
  }
  flushHashes();
}

/** Writes the end of a message and its padding to `tail`; returns the number of whole blocks before it. */
function writeTail(tail: usize, from: usize, length: usize, hashed: usize): usize {
  const whole = length >> 6;
  const rest = length & 63;
  const zeros = i8x16.splat(0);
  for (let i: usize = 0; i < 64; i += 16) {
    const places = i8x16.add(PLACES, i8x16.splat(<i8>i));
    const inside = i8x16.lt_s(places, i8x16.splat(<i8>rest));
    v128.store(tail + i, v128.and(v128.load(from + whole * 64 + i), inside));
    v128.store(tail + 64 + i, zeros);
  }
  store<u8>(tail + rest, 0x80);
  const end: usize = rest + 9 <= 64 ? 64 : 128;
  store<u64>(tail + end - 8, bswap<u64>(<u64>(length + hashed) << 3));
  return whole;
}

/** Puts a message into a lane: `length` bytes from `from` on, before which `hashed` bytes were taken in. */
function setLane(lane: usize, from: usize, length: usize, hashed: usize): void {
  const whole = writeTail(TAILS + lane * 256, from, length, hashed);
  store<u32>(LANE_FROM + lane * 8, <u32>from);
  store<u32>(LANE_FROM + lane * 8 + 4, <u32>whole);
}

// @ts-ignore: decorator
@inline
function blockOf(lane: usize, i: usize): usize {
  const whole = <usize>load<u32>(LANE_FROM + lane * 8 + 4);
  return i < whole
    ? <usize>load<u32>(LANE_FROM + lane * 8) + i * 64
    : TAILS + lane * 256 + (i - whole) * 64;
}

/** Takes block number `i` of each lane's message into the state. */
function compressBlock(i: usize): void {
  compressFour(blockOf(0, i), blockOf(1, i), blockOf(2, i), blockOf(3, i));
}

/** Takes the blocks [`from`, `to`) of each lane's message into the state. */
export function compressBlocks(from: usize, to: usize): void {
  for (let i = from; i < to; i++) compressBlock(i);
}

/** Begins with the text of up to four tokens of a queue, from their start to `end`. */
export function startFour(queue: usize, count: u32, end: usize): void {
  for (let lane: u32 = 0; lane < 4; lane++) setText(lane, laneOf(queue, count, lane), end);
  for (let i: usize = 0; i < 8; i++) {
    v128.store(STATE256 + i * 16, v128.load32_splat(IV256 + i * 4));
  }
}

/** Goes on with up to four whole tokens of a queue, of which the first bytes were taken in before. */
export function resumeFour(queue: usize, count: u32): void {
  const a = laneOf(queue, count, 0);
  const b = laneOf(queue, count, 1);
  const c = laneOf(queue, count, 2);
  const d = laneOf(queue, count, 3);
  setRest(0, a, TOKEN_END, 0);
  setRest(1, b, TOKEN_END, 0);
  setRest(2, c, TOKEN_END, 0);
  setRest(3, d, TOKEN_END, 0);
  setStates(a, b, c, d, TOKEN_MIDSTATE);
}

// @ts-ignore: decorator
@inline
function setText(lane: usize, record: usize, end: usize): void {
  const from = <usize>load<u32>(record + TOKEN_START);
  setLane(lane, from, <usize>load<u32>(record + end) - from, 0);
}

/** What is left of the text of a token up to `end`: behind `before` bytes of a key, some of it was taken in. */
// @ts-ignore: decorator
@inline
function setRest(lane: usize, record: usize, end: usize, before: usize): void {
  const taken = <usize>load<u32>(record + TOKEN_TAKEN);
  const from = <usize>load<u32>(record + TOKEN_START) + taken;
  setLane(lane, from, <usize>load<u32>(record + end) - from, before + taken);
}

/** The slot of the key that is to be tried. */
// @ts-ignore: decorator
@inline
export function slotOf(record: usize): usize {
  const header = <usize>load<u32>(record + TOKEN_HEADER);
  const slot = load<u8>(header + HEADER_KEYS + load<u32>(record + TOKEN_TRIED));
  return KEY_SLOTS + <usize>slot * KEY_SLOT_SIZE;
}

// @ts-ignore: decorator
@inline
function setStates(a: usize, b: usize, c: usize, d: usize, part: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const from = part + i * 4;
    let words = v128.load32_zero(a + from);
    words = v128.load_lane<u32>(b + from, words, 1);
    words = v128.load_lane<u32>(c + from, words, 2);
    words = v128.load_lane<u32>(d + from, words, 3);
    v128.store(STATE256 + i * 16, words);
  }
}

function hmacFour(queue: usize, blocks: usize): void {
  const count = take(queue);
  const a = laneOf(queue, count, 0);
  const b = laneOf(queue, count, 1);
  const c = laneOf(queue, count, 2);
  const d = laneOf(queue, count, 3);
  const aSlot = slotOf(a);
  const bSlot = slotOf(b);
  const cSlot = slotOf(c);
  const dSlot = slotOf(d);
  setRest(0, a, TOKEN_INPUT_END, 64);
  setRest(1, b, TOKEN_INPUT_END, 64);
  setRest(2, c, TOKEN_INPUT_END, 64);
  setRest(3, d, TOKEN_INPUT_END, 64);
  setStates(a, b, c, d, TOKEN_MIDSTATE);
  compressBlock(0);
  keepPrefix(a, 0, aSlot);
  keepPrefix(b, 1, bSlot);
  keepPrefix(c, 2, cSlot);
  keepPrefix(d, 3, dSlot);
  for (let i: usize = 1; i < blocks; i++) compressBlock(i);
  for (let i: usize = 0; i < 128; i += 16) v128.store(SCHEDULE256 + i, v128.load(STATE256 + i));
  v128.store(SCHEDULE256 + 128, i32x4.splat(0x80000000));
  for (let i: usize = 144; i < 240; i += 16) v128.store(SCHEDULE256 + i, i32x4.splat(0));
  v128.store(SCHEDULE256 + 240, i32x4.splat((64 + 32) << 3));
  setStates(aSlot, bSlot, cSlot, dSlot, SLOT_OUTER);
  compressSchedule();
  const aMatches = matches(a, 0);
  const bMatches = matches(b, 4);
  const cMatches = matches(c, 8);
  const dMatches = matches(d, 12);
  // Only now: what is settled may use the lanes again.
  settle(a, aMatches);
  if (count > 1) settle(b, bMatches);
  if (count > 2) settle(c, cMatches);
  if (count > 3) settle(d, dMatches);
}

/** Whether the lane of the state that starts at byte `lane` holds the record's signature. */
function matches(record: usize, lane: usize): bool {
  let difference: u32 = 0;
  for (let i: usize = 0; i < 8; i++) {
    const word = load<u32>(STATE256 + i * 16 + lane);
    difference |= word ^ bswap<u32>(load<u32>(record + TOKEN_SIGNATURE + i * 4));
  }
  return difference == 0;
}

/** Takes the outcome of a check. */
export function settle(record: usize, verified: bool): void {
  const header = <usize>load<u32>(record + TOKEN_HEADER);
  const tried = load<u32>(record + TOKEN_TRIED);
  if (verified) {
    store<i32>(record + TOKEN_KEY, load<i32>(slotOf(record) + SLOT_KEY));
    store<u32>(record + TOKEN_STATE, VERIFIED);
    setFingerprint(record, load<u32>(record + TOKEN_SIGNATURE), load<u32>(record + TOKEN_SIGNATURE + 4));
    return;
  }
  if (tried + 1 < load<u32>(header + HEADER_KEY_COUNT)) {
    store<u32>(record + TOKEN_TRIED, tried + 1);
    enqueue(record);
    return;
  }
  store<u32>(record + TOKEN_STATE, FORGED);
  awaitHash(record);
}
