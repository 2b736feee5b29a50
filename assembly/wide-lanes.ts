// HMAC-SHA-384 and HMAC-SHA-512 of two tokens at once.
import { HEADER_ALG } from './headers';
import { SLOT_INNER, SLOT_OUTER } from './key-slots';
import { settle, slotOf, TAILS } from './lanes';
import { laneOf, take } from './queues';
import { TOKEN_HEADER, TOKEN_INPUT_END, TOKEN_SIGNATURE, TOKEN_START } from './records';
import { compressTwo, compressWideSchedule, SCHEDULE512, STATE512 } from './sha512';

/** Checks the signatures of two tokens whose inputs have `blocks` blocks of 128 bytes. */
export function hmacTwo(queue: usize, blocks: usize): void {
  const count = take(queue);
  const a = laneOf(queue, count, 0);
  const b = laneOf(queue, count, 1);
  const aSlot = slotOf(a);
  const bSlot = slotOf(b);
  setWideStates(aSlot, bSlot, SLOT_INNER);
  const aStart = <usize>load<u32>(a + TOKEN_START);
  const bStart = <usize>load<u32>(b + TOKEN_START);
  const aWhole = writeWideTail(TAILS, aStart, <usize>load<u32>(a + TOKEN_INPUT_END) - aStart);
  const bWhole = writeWideTail(TAILS + 256, bStart, <usize>load<u32>(b + TOKEN_INPUT_END) - bStart);
  for (let i: usize = 0; i < blocks; i++) {
    compressTwo(
      i < aWhole ? aStart + i * 128 : TAILS + (i - aWhole) * 128,
      i < bWhole ? bStart + i * 128 : TAILS + 256 + (i - bWhole) * 128,
    );
  }
  // Both algorithms of the queue take the same inner length; SHA-384 keeps six words of eight.
  const alg = load<u32>(<usize>load<u32>(a + TOKEN_HEADER) + HEADER_ALG);
  const words: usize = alg == 384 ? 6 : 8;
  for (let i: usize = 0; i < words; i++) {
    v128.store(SCHEDULE512 + i * 16, v128.load(STATE512 + i * 16));
  }
  v128.store(SCHEDULE512 + words * 16, i64x2.splat(0x8000000000000000));
  for (let i = words + 1; i < 15; i++) v128.store(SCHEDULE512 + i * 16, i64x2.splat(0));
  v128.store(SCHEDULE512 + 240, i64x2.splat(<i64>(128 + words * 8) << 3));
  setWideStates(aSlot, bSlot, SLOT_OUTER);
  compressWideSchedule();
  const aMatches = matchesWide(a, 0, words);
  const bMatches = matchesWide(b, 8, words);
  settle(a, aMatches);
  if (count > 1) settle(b, bMatches);
}

function matchesWide(record: usize, lane: usize, words: usize): bool {
  let difference: u64 = 0;
  for (let i: usize = 0; i < words; i++) {
    const word = load<u64>(STATE512 + i * 16 + lane);
    difference |= word ^ bswap<u64>(load<u64>(record + TOKEN_SIGNATURE + i * 8));
  }
  return difference == 0;
}

function setWideStates(a: usize, b: usize, part: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const from = part + i * 8;
    v128.store(STATE512 + i * 16, v128.load_lane<u64>(b + from, v128.load64_zero(a + from), 1));
  }
}

/** As `writeTail`, for blocks of 128 bytes. */
function writeWideTail(tail: usize, from: usize, length: usize): usize {
  const whole = length >> 7;
  const rest = length & 127;
  memory.copy(tail, from + whole * 128, rest);
  memory.fill(tail + rest, 0, 256 - rest);
  store<u8>(tail + rest, 0x80);
  const end: usize = rest + 17 <= 128 ? 128 : 256;
  store<u64>(tail + end - 8, bswap<u64>(<u64>(length + 128) << 3));
  return whole;
}
