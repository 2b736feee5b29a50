// Hashes by SHA-256 that wait for each other, by their block counts: of whole tokens, which are their fingerprints, and of
// what was signed, for the host to check.
import { offer } from './cache';
import { addCheck } from './checks';
import { compressBlocks, resumeFour, startFour } from './lanes';
import { storeState } from './prefixes';
import { INPUT_QUEUES, laneOf, MOST_BLOCKS, QUEUE_SIZE, take, TOKEN_QUEUES, wait } from './queues';
import {
  TOKEN_END,
  TOKEN_HIGH,
  TOKEN_INPUT_END,
  TOKEN_LOW,
  TOKEN_MIDSTATE,
  TOKEN_SIGNATURE_PLACE,
  TOKEN_SIGNATURE_SIZE,
  TOKEN_START,
  TOKEN_TAKEN,
} from './records';
import { IV256, STATE256 } from './sha256';

/** How many wait for the hash of what was signed: in most logs none ever does. */
let inputs: u32 = 0;

/** Lets a token wait for the hash that is its fingerprint: its signature is anybody's choice, or not a hash. */
export function awaitHash(record: usize): void {
  v128.store(record + TOKEN_MIDSTATE, v128.load(IV256));
  v128.store(record + TOKEN_MIDSTATE + 16, v128.load(IV256, 16));
  store<u32>(record + TOKEN_TAKEN, 0);
  awaitRest(record);
}

/** The same of a token of which the beginning was hashed with what was signed. */
export function awaitRest(record: usize): void {
  const blocks = blocksOf(load<u32>(record + TOKEN_END) - load<u32>(record + TOKEN_START) - load<u32>(record + TOKEN_TAKEN));
  const queue = TOKEN_QUEUES + blocks * QUEUE_SIZE;
  if (wait(queue, record, 4)) hashFour(queue, blocks);
}

/** Lets a token wait for the hash of what was signed, which is then put behind its signature. */
export function awaitInputHash(record: usize): void {
  const blocks = blocksOf(load<u32>(record + TOKEN_INPUT_END) - load<u32>(record + TOKEN_START));
  const queue = INPUT_QUEUES + blocks * QUEUE_SIZE;
  inputs++;
  if (wait(queue, record, 4)) hashInputs(queue, blocks);
}

// @ts-ignore: decorator
@inline
function blocksOf(length: u32): usize {
  return <usize>(length + 9 + 63) >> 6;
}

/** Works off the fingerprints that still wait. */
export function flushHashes(): void {
  for (let blocks: usize = 0; blocks < MOST_BLOCKS; blocks++) {
    const queue = TOKEN_QUEUES + blocks * QUEUE_SIZE;
    if (load<u32>(queue) > 0) hashFour(queue, blocks);
  }
}

/** Works off the hashes for the host that still wait. */
export function flushInputHashes(): void {
  for (let blocks: usize = 0; blocks < MOST_BLOCKS && inputs > 0; blocks++) {
    const queue = INPUT_QUEUES + blocks * QUEUE_SIZE;
    if (load<u32>(queue) > 0) hashInputs(queue, blocks);
  }
}

function hashFour(queue: usize, blocks: usize): void {
  const count = take(queue);
  resumeFour(queue, count);
  compressBlocks(0, blocks);
  for (let lane: u32 = 0; lane < count; lane++) {
    const high = load<u32>(STATE256 + lane * 4);
    const low = load<u32>(STATE256 + 16 + lane * 4);
    setFingerprint(laneOf(queue, 4, lane), bswap<u32>(high), bswap<u32>(low));
  }
}

function hashInputs(queue: usize, blocks: usize): void {
  const count = take(queue);
  inputs -= count;
  startFour(queue, count, TOKEN_INPUT_END);
  // The last two may hold padding, and the rest of the token goes on behind what is none.
  const taken = blocks > 2 ? blocks - 2 : 0;
  compressBlocks(0, taken);
  for (let lane: u32 = 0; lane < count; lane++) {
    const record = laneOf(queue, 4, lane);
    storeState(record + TOKEN_MIDSTATE, lane);
    store<u32>(record + TOKEN_TAKEN, <u32>taken * 64);
  }
  compressBlocks(taken, blocks);
  for (let lane: u32 = 0; lane < count; lane++) {
    const record = laneOf(queue, 4, lane);
    const signature = <usize>load<u32>(record + TOKEN_SIGNATURE_PLACE);
    const behind = signature + <usize>load<u32>(record + TOKEN_SIGNATURE_SIZE);
    for (let word: usize = 0; word < 8; word++) {
      store<u32>(behind + word * 4, bswap<u32>(load<u32>(STATE256 + word * 16 + lane * 4)));
    }
    addCheck(record);
  }
}

/** @param high first four bytes as they lie in memory, `low` the next four */
export function setFingerprint(record: usize, high: u32, low: u32): void {
  const word = bswap<u32>(high);
  store<u32>(record + TOKEN_HIGH, word == 0 ? 1 : word);
  store<u32>(record + TOKEN_LOW, bswap<u32>(low));
  offer(record);
}
