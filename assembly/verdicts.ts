// The clock comes last: what a token is, and when it was used, make the verdict.
import { flushLanes } from './lanes';
import { numberOf } from './identities';
import {
  columns,
  FORGED,
  lines,
  LINE_SIZE,
  LINE_STATUS,
  LINE_TIME,
  tokens,
  TOKEN_EXP,
  TOKEN_HIGH,
  TOKEN_IDENTITY,
  TOKEN_KEY,
  TOKEN_LINE,
  TOKEN_LOW,
  TOKEN_NBF,
  TOKEN_SIZE,
  TOKEN_STATE,
} from './records';
import { tokenCount } from './batch';

// Places in the host's list of verdicts.
const VALID: u8 = 0;
const EXPIRED: u8 = 1;
const NOT_YET_VALID: u8 = 2;
const BAD_SIGNATURE: u8 = 3;

/** Milliseconds as an `exp`: the years 1973 to 5138. */
const LEAST_MILLISECONDS: f64 = 1e11;
const MOST_MILLISECONDS: f64 = 1e14;

export let expLooksLikeMs: i32 = 0;
export let noExpiry: i32 = 0;
export let acceptedAnyway: i32 = 0;

let now: f64 = 0;
let leeway: f64 = 0;
let judgesByNow: bool = false;

/** @param at milliseconds; `tolerance` in seconds; `byNow` judges every token at `at` */
export function configureClock(at: f64, tolerance: f64, byNow: bool): void {
  now = at;
  leeway = tolerance;
  judgesByNow = byNow;
}

/**
 * Checks the signatures that still wait and writes the columns of the block's tokens: expiries, times,
 * fingerprints, identities, keys, verdicts, each `tokenCount` entries.
 */
export function finish(): void {
  flushLanes();
  expLooksLikeMs = 0;
  noExpiry = 0;
  acceptedAnyway = 0;
  const count = <usize>tokenCount;
  let expiry = columns;
  let time = columns + count * 8;
  let fingerprint = columns + count * 16;
  let identity = columns + count * 24;
  let key = columns + count * 28;
  let verdict = columns + count * 30;
  for (let i: usize = 0; i < count; i++) {
    const record = tokens + i * TOKEN_SIZE;
    const line = lines + <usize>load<u32>(record + TOKEN_LINE) * LINE_SIZE;
    const used = load<f64>(line + LINE_TIME);
    const exp = load<f64>(record + TOKEN_EXP);
    const keyIndex = load<i32>(record + TOKEN_KEY);
    const word = verdictOf(record, judgesByNow || isNaN(used) ? now : used);
    store<f64>(expiry, exp);
    store<f64>(time, used);
    store<u32>(fingerprint, load<u32>(record + TOKEN_HIGH));
    store<u32>(fingerprint + 4, load<u32>(record + TOKEN_LOW));
    store<u32>(identity, numberOf(load<u32>(record + TOKEN_IDENTITY)));
    store<i16>(key, <i16>keyIndex);
    store<u8>(verdict, word);
    expiry += 8;
    time += 8;
    fingerprint += 8;
    identity += 4;
    key += 2;
    verdict++;
    if (exp > LEAST_MILLISECONDS && exp < MOST_MILLISECONDS) expLooksLikeMs++;
    if (isNaN(exp) && keyIndex >= 0) noExpiry++;
    const status = load<u32>(line + LINE_STATUS);
    if (word != VALID && status >= 200 && status < 300) acceptedAnyway++;
  }
}

function verdictOf(record: usize, at: f64): u8 {
  if (load<u32>(record + TOKEN_STATE) == FORGED) return BAD_SIGNATURE;
  const seconds = at / 1000.0;
  // NaN, the absent claim, is neither above nor below anything.
  if (load<f64>(record + TOKEN_NBF) > seconds + leeway) return NOT_YET_VALID;
  if (load<f64>(record + TOKEN_EXP) <= seconds - leeway) return EXPIRED;
  return VALID;
}
