// Signatures that the host checks, those of public keys: it asks for one after the other, before the next batch.
import { recall } from './cache';
import { awaitHash, awaitRest } from './hashes';
import { HASHED, HEADER_ALG } from './headers';
import { BATCH, CHECKS } from './layout';
import {
  FORGED,
  TOKEN_HEADER,
  TOKEN_INPUT_END,
  TOKEN_KEY,
  TOKEN_SIGNATURE_PLACE,
  TOKEN_SIGNATURE_SIZE,
  TOKEN_START,
  TOKEN_STATE,
  VERIFIED,
} from './records';

let waiting: i32 = 0;
let next: i32 = 0;

/** Of the token whose signature is to be checked: its record, its header's place, what was signed, the signature. */
export let checkedRecord: usize = 0;
export let checkedHeader: usize = 0;
export let inputStart: usize = 0;
export let inputEnd: usize = 0;
export let signatureStart: usize = 0;
export let signatureEnd: usize = 0;

export function clearChecks(): void {
  waiting = 0;
  next = 0;
}

// @ts-ignore: decorator
@inline
export function areChecksWaiting(): bool {
  return waiting > 0;
}

/** Lets a token wait for the host; a batch has no more than there is room for. */
export function addCheck(token: usize): void {
  store<u32>(CHECKS + <usize>waiting * 4, <u32>token);
  waiting++;
}

/** Tells the next token; false where none is left. Those that are known by now are passed over. */
export function nextCheck(): bool {
  while (next < waiting) {
    const record = <usize>load<u32>(CHECKS + <usize>next * 4);
    next++;
    if (recall(record)) continue;
    checkedRecord = record;
    checkedHeader = <usize>load<u32>(record + TOKEN_HEADER);
    inputStart = <usize>load<u32>(record + TOKEN_START);
    inputEnd = <usize>load<u32>(record + TOKEN_INPUT_END);
    signatureStart = <usize>load<u32>(record + TOKEN_SIGNATURE_PLACE);
    signatureEnd = signatureStart + <usize>load<u32>(record + TOKEN_SIGNATURE_SIZE);
    return true;
  }
  clearChecks();
  return false;
}

/** Takes the host's answer on a token: the key that verified it, -1 for none. */
export function settleCheck(record: usize, key: i32): void {
  store<i32>(record + TOKEN_KEY, key);
  store<u32>(record + TOKEN_STATE, key < 0 ? FORGED : VERIFIED);
  const alg = load<u32>(<usize>load<u32>(record + TOKEN_HEADER) + HEADER_ALG);
  if (alg == HASHED) awaitRest(record);
  else awaitHash(record);
}
