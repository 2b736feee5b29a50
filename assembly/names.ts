// Names of members that mean something, by where they stand: claims, and what log lines say of themselves.
import { EXCHANGE, MOST_NAMES, NAMES, NAME_ENTRY, NAME_SLOTS, NAME_SLOT_COUNT } from './layout';
import { same } from './headers';

const LENGTH: usize = 0;
const GROUP: usize = 4;
/** What the name means, and a number beside it. */
export const ROLE: usize = 8;
export const RANK: usize = 12;
const TEXT: usize = 16;
export const LONGEST_NAME: i32 = 96;

let count: i32 = 0;

/** Adds the name at `EXCHANGE` to a group; false where there are too many names. */
export function addName(length: i32, group: u32, role: i32, rank: i32): bool {
  if (count == MOST_NAMES || length > LONGEST_NAME) return false;
  const place = NAMES + count * NAME_ENTRY;
  count++;
  store<u32>(place + LENGTH, length);
  store<u32>(place + GROUP, group);
  store<u32>(place + ROLE, role);
  store<u32>(place + RANK, rank);
  memory.copy(place + TEXT, EXCHANGE, length);
  let slot = slotOf(keyOf(EXCHANGE, length), group);
  while (load<u8>(NAME_SLOTS + slot) != 0) slot = (slot + 1) & (NAME_SLOT_COUNT - 1);
  store<u8>(NAME_SLOTS + slot, <u8>count);
  return true;
}

/** 64 bits of a name: its first and last eight characters and its length. Different names may share them. */
// @ts-ignore: decorator
@inline
export function keyOf(at: usize, length: usize): u64 {
  const salt = <u64>length * 0x9e3779b97f4a7c15;
  if (length >= 8) return load<u64>(at) ^ rotl<u64>(load<u64>(at + length - 8), 29) ^ salt;
  // Eight bytes are read and those behind the name are cut off.
  return (load<u64>(at) & (((<u64>1) << (<u64>length << 3)) - 1)) ^ salt;
}

// @ts-ignore: decorator
@inline
function slotOf(key: u64, group: u32): usize {
  return <usize>(((key + group) * 0xd6e8feb86659fd93) >> 55) & (NAME_SLOT_COUNT - 1);
}

/** The place of what a name means in a group, 0 for nothing. */
// @ts-ignore: decorator
@inline
export function find(key: u64, at: usize, length: usize, group: u32): usize {
  let slot = slotOf(key, group);
  while (true) {
    const index = load<u8>(NAME_SLOTS + slot);
    if (index == 0) return 0;
    const place = NAMES + <usize>(index - 1) * NAME_ENTRY;
    const fits = <usize>load<u32>(place + LENGTH) == length && load<u32>(place + GROUP) == group;
    if (fits && same(place + TEXT, at, length)) return place;
    slot = (slot + 1) & (NAME_SLOT_COUNT - 1);
  }
}
