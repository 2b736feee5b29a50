// Tokens that wait for others with as many blocks, so that the lanes are filled together.
import { LANES, LONGEST_TOKEN } from './layout';

/** For each block count how many wait, and up to four records. */
export const QUEUE_SIZE: usize = 20;
export const MOST_BLOCKS: usize = <usize>LONGEST_TOKEN / 64 + 3;
/** Half as many blocks for each of the two algorithms with blocks of 128 bytes. */
export const MOST_WIDE_BLOCKS: usize = (MOST_BLOCKS + 1) / 2;

export const QUEUES: usize = LANES + 0x1800;
export const WIDE_QUEUES: usize = QUEUES + MOST_BLOCKS * QUEUE_SIZE;
/** For the hashes of whole tokens, and of what was signed. */
export const TOKEN_QUEUES: usize = WIDE_QUEUES + 2 * MOST_WIDE_BLOCKS * QUEUE_SIZE;
export const INPUT_QUEUES: usize = TOKEN_QUEUES + MOST_BLOCKS * QUEUE_SIZE;
const QUEUES_END: usize = INPUT_QUEUES + MOST_BLOCKS * QUEUE_SIZE;

/** Forgets what waits. */
export function clearQueues(): void {
  memory.fill(QUEUES, 0, QUEUES_END - QUEUES);
}

/** True where the lanes are full. */
export function wait(queue: usize, record: usize, lanes: u32): bool {
  const count = load<u32>(queue);
  store<u32>(queue + 4 + count * 4, <u32>record);
  store<u32>(queue, count + 1);
  return count + 1 == lanes;
}

/** Empties a queue and tells how many waited: `laneOf` still tells who. */
export function take(queue: usize): u32 {
  const count = load<u32>(queue);
  store<u32>(queue, 0);
  return count;
}

/** The record in a lane; lanes that nobody needs repeat the first. */
// @ts-ignore: decorator
@inline
export function laneOf(queue: usize, count: u32, lane: u32): usize {
  return <usize>load<u32>(queue + 4 + (lane < count ? <usize>lane * 4 : 0));
}
