// Different tokens, told apart some hundreds at a time: so the part of the set that they fall into is fetched
// once for all of them, and not for each one anew.
import { add, limitUnused, TOKENS, touchPartition } from './fingerprints';
import { TALLY_META, TALLY_WAITING, WAITING_EACH, WAITING_SIZE } from './tally-layout';
import { countDistinct } from './tally';

const PARTITIONS: u32 = 256;
/** How many wait in each partition. */
const COUNTS: usize = TALLY_META + 0x2800;

// A token that waits: low and high word of its fingerprint, the user's row, and what it counts for.
const LOW: usize = 0;
const HIGH: usize = 4;
const ROW: usize = 8;
const COUNTS_FOR: usize = 12;
const ENTRY: usize = 16;

let touched: u32 = 0;

// @ts-ignore: decorator
@inline
function waitingAt(partition: u32, index: u32): usize {
  return TALLY_WAITING + <usize>partition * WAITING_SIZE + <usize>index * ENTRY;
}

/** Counts a token for a user and whatever else, if it turns out to be new; its partition's order is kept. */
// @ts-ignore: decorator
@inline
export function defer(high: u32, low: u32, row: u32, countsFor: u32): void {
  const partition = high >> 24;
  const count = COUNTS + <usize>partition * 4;
  const index = load<u32>(count);
  const entry = waitingAt(partition, index);
  store<u32>(entry + LOW, low);
  store<u32>(entry + HIGH, high);
  store<u32>(entry + ROW, row);
  store<u32>(entry + COUNTS_FOR, countsFor);
  store<u32>(count, index + 1);
  if (index + 1 == WAITING_EACH) work(partition);
}

function work(partition: u32): void {
  const count = COUNTS + <usize>partition * 4;
  const waiting = load<u32>(count);
  if (waiting == 0) return;
  store<u32>(count, 0);
  touched += touchPartition(TOKENS, partition);
  for (let i: u32 = 0; i < waiting; i++) {
    const entry = waitingAt(partition, i);
    if (!add(TOKENS, load<u32>(entry + HIGH), load<u32>(entry + LOW))) continue;
    countDistinct(load<u32>(entry + ROW), load<u32>(entry + COUNTS_FOR));
  }
}

/** Adds a token at once, behind all that wait before it; true where it is new. */
export function addNow(high: u32, low: u32): bool {
  work(high >> 24);
  return add(TOKENS, high, low);
}

/** Works off all that waits; nothing comes behind. */
export function settleDistinct(): void {
  for (let partition: u32 = 0; partition < PARTITIONS; partition++) {
    limitUnused(TOKENS, partition, load<u32>(COUNTS + <usize>partition * 4));
    work(partition);
  }
}
