// Sets of 64-bit fingerprints, as in src/summarize/fingerprints.ts: 48 bits in each slot of three words, eight
// more in the choice of the partition. All partitions lie close together, for the system may give memory in large pages;
// one that outgrows its place moves to where there is room for eight times as much.
import { SET_SIZE, TALLY_META, TALLY_SCRATCH, TALLY_SETS } from './tally-layout';

const PARTITIONS: u32 = 256;
export const FIRST_SLOTS: u32 = 16;
export const LAST_SLOTS: u32 = 1 << 17;
const SLOT: usize = 6;
/** Slots for which there is room in the smallest places. */
const LEAST_ROOM: u32 = 1 << 11;

/** The sets: different tokens; pairs of users and days. */
export const TOKENS: u32 = 0;
export const PAIRS: u32 = 1;

// Of each partition: slots, used, place. Of each set: size, limit, whether the limit was met.
const META_SIZE: usize = 16;
const USED: usize = 4;
const PLACE: usize = 8;
const SIZES: usize = TALLY_META + 2 * <usize>PARTITIONS * META_SIZE;

/** Starts both sets. */
export function clearSets(): void {
  for (let i: u32 = 0; i < PARTITIONS; i++) {
    setSlots(TOKENS, i, FIRST_SLOTS);
    setSlots(PAIRS, i, FIRST_SLOTS);
  }
}

/** Gives a partition so many slots; what it holds must be put there. */
function setSlots(set: u32, partition: u32, slots: u32): void {
  const meta = metaOf(set, partition);
  store<u32>(meta, slots);
  let place = TALLY_SETS + <usize>set * SET_SIZE;
  let room = LEAST_ROOM;
  for (; slots > room; room *= 8) place += <usize>PARTITIONS * distanceOf(room);
  store<u32>(meta + PLACE, <u32>(place + <usize>partition * distanceOf(room)));
}

/** Not a round number: places that are alike in all partitions would share few lines of every cache. */
// @ts-ignore: decorator
@inline
function distanceOf(room: u32): usize {
  return <usize>room * SLOT + 64;
}

/** @param slots that each partition has from the start; `limit` members at most */
export function configureSet(set: u32, slots: u32, limit: u32): void {
  for (let i: u32 = 0; i < PARTITIONS; i++) {
    setSlots(set, i, min(max(slots, FIRST_SLOTS), LAST_SLOTS));
  }
  store<u32>(SIZES + <usize>set * 12 + 4, limit);
}

export function sizeOf(set: u32): u32 {
  return load<u32>(SIZES + <usize>set * 12);
}

export function isFull(set: u32): bool {
  return load<u32>(SIZES + <usize>set * 12 + 8) != 0;
}

// @ts-ignore: decorator
@inline
function metaOf(set: u32, partition: u32): usize {
  return TALLY_META + <usize>(set * PARTITIONS + partition) * META_SIZE;
}

/** Gives a partition that is empty no more slots than the `count` members that it will get need. */
export function limitUnused(set: u32, partition: u32, count: u32): void {
  const meta = metaOf(set, partition);
  if (load<u32>(meta + USED) > 0) return;
  setSlots(set, partition, min(load<u32>(meta), FIRST_SLOTS + count * 2));
}

/** Reads a partition from end to end, so that it is near. */
export function touchPartition(set: u32, partition: u32): u32 {
  const meta = metaOf(set, partition);
  const base = <usize>load<u32>(meta + PLACE);
  const size = <usize>load<u32>(meta) * SLOT;
  // Memory that is read before it is written is had twice from the system, which takes far longer.
  if (load<u32>(meta + USED) == 0) memory.fill(base, 0, size);
  let sum: u32 = 0;
  for (let i: usize = 0; i < size; i += 64) sum += load<u8>(base + i);
  return sum;
}

/** 48 bits of a slot; two bytes of the next slot are cut off. */
// @ts-ignore: decorator
@inline
function slotAt(at: usize): u64 {
  return load<u64>(at) & 0xffffffffffff;
}

/** The place of the slot that holds the value, or of the empty one where it belongs. */
// @ts-ignore: decorator
@inline
function find(base: usize, slots: u32, value: u64): usize {
  const end = base + <usize>slots * SLOT;
  let at = base + <usize>(((value & 0xffffffff) * <u64>slots) >> 32) * SLOT;
  while (true) {
    const held = slotAt(at);
    if (held == value || held == 0) return at;
    at += SLOT;
    if (at == end) at = base;
  }
}

/** Adds a fingerprint; true where it was not there. */
export function add(set: u32, highWord: u32, lowWord: u32): bool {
  const partition = highWord >> 24;
  const high = highWord & 0xffff;
  const low: u32 = lowWord == 0 && high == 0 ? <u32>1 : lowWord;
  const value = (<u64>high << 32) | <u64>low;
  const meta = metaOf(set, partition);
  const slots = load<u32>(meta);
  const at = find(<usize>load<u32>(meta + PLACE), slots, value);
  if (slotAt(at) != 0) return false;
  const used = load<u32>(meta + USED);
  const sizes = SIZES + <usize>set * 12;
  const size = load<u32>(sizes);
  if (size >= load<u32>(sizes + 4) || <f64>used >= <f64>LAST_SLOTS * 0.85 - 1) {
    store<u32>(sizes + 8, 1);
    return false;
  }
  store<u32>(at, low);
  store<u16>(at + 4, <u16>high);
  store<u32>(sizes, size + 1);
  store<u32>(meta + USED, used + 1);
  if (<f64>(used + 1) > <f64>slots * 0.85) grow(set, partition);
  return true;
}

function grow(set: u32, partition: u32): void {
  const meta = metaOf(set, partition);
  const slots = load<u32>(meta);
  const size = <usize>slots * SLOT;
  const wider = min(LAST_SLOTS, <u32>ceil(<f64>slots * 1.5));
  memory.copy(TALLY_SCRATCH, <usize>load<u32>(meta + PLACE), size);
  setSlots(set, partition, wider);
  const base = <usize>load<u32>(meta + PLACE);
  memory.fill(base, 0, <usize>wider * SLOT);
  for (let at = TALLY_SCRATCH; at < TALLY_SCRATCH + size; at += SLOT) {
    const value = slotAt(at);
    if (value == 0) continue;
    const to = find(base, wider, value);
    store<u32>(to, <u32>value);
    store<u16>(to + 4, <u16>(value >> 32));
  }
}
