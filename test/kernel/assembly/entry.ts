// @ts-nocheck: AssemblyScript, whose types and imports are its own.
// Checks single messages: what stands at `messages` is the host's, so no token has to be found first.
import { HEADERS, HEADER_SIZE } from "../../../assembly/layout";
import { enqueue } from "../../../assembly/lanes";
import {
  room,
  PENDING,
  tokens,
  TOKEN_END,
  TOKEN_HEADER,
  TOKEN_HIGH,
  TOKEN_INPUT_END,
  TOKEN_KEY,
  TOKEN_LOW,
  TOKEN_SIGNATURE,
  TOKEN_SIZE,
  TOKEN_START,
  TOKEN_STATE,
  TOKEN_TRIED,
} from "../../../assembly/records";

export { EXCHANGE, LONGEST_TOKEN } from "../../../assembly/layout";
export { addHeader } from "../../../assembly/headers";
export { prepareKey } from "../../../assembly/key-slots";
export { flushLanes } from "../../../assembly/lanes";
export { clearQueues } from "../../../assembly/queues";
export { room, FORGED, PENDING, reserve, VERIFIED } from "../../../assembly/records";

function recordAt(index: i32): usize {
  return tokens + <usize>index * TOKEN_SIZE;
}

/** Where the 64 bytes of a record's signature lie. */
export function signatureAt(index: i32): usize {
  return recordAt(index) + TOKEN_SIGNATURE;
}

/** Lets a record wait whose message is at `room` + [start, inputEnd), the whole token [start, end). */
export function check(index: i32, header: i32, start: i32, inputEnd: i32, end: i32): void {
  const record = recordAt(index);
  store<u32>(record + TOKEN_START, <u32>room + start);
  store<u32>(record + TOKEN_INPUT_END, <u32>room + inputEnd);
  store<u32>(record + TOKEN_END, <u32>room + end);
  store<u32>(record + TOKEN_HEADER, <u32>HEADERS + header * HEADER_SIZE);
  store<i32>(record + TOKEN_KEY, -1);
  store<u32>(record + TOKEN_STATE, PENDING);
  store<u32>(record + TOKEN_TRIED, 0);
  enqueue(record);
}

export function stateOf(index: i32): u32 {
  return load<u32>(recordAt(index) + TOKEN_STATE);
}

export function keyOf(index: i32): i32 {
  return load<i32>(recordAt(index) + TOKEN_KEY);
}

export function highOf(index: i32): u32 {
  return load<u32>(recordAt(index) + TOKEN_HIGH);
}

export function lowOf(index: i32): u32 {
  return load<u32>(recordAt(index) + TOKEN_LOW);
}
