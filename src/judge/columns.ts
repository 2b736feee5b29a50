import { VERDICT_INDEX, type Verdict } from '../verify/verdict.ts';

/** The columns of a judged block, one entry per occurrence, all in one piece of memory. */
export interface ColumnViews {
  /** Index into `VERDICTS`. */
  readonly verdicts: Uint8Array;
  /** Number of the identity, `NO_IDENTITY` where no claims could be read. */
  readonly identities: Uint32Array;
  /** `exp` in seconds, NaN where the token never expires. */
  readonly expiries: Float64Array;
  /** The line's own time in milliseconds, NaN for none. */
  readonly times: Float64Array;
  /** High and low word of each token's fingerprint, in turn; both 0: it was told before (`fingerprintsOnce`). */
  readonly fingerprints: Uint32Array;
  /** Index of the key that verified, -1 for none. */
  readonly keys: Int16Array;
}

/** One use of a token, as the columns hold it. */
export interface Use {
  readonly verdict: Verdict;
  readonly identity: number;
  readonly expiry: number;
  readonly time: number;
  readonly fingerprintHigh: number;
  readonly fingerprintLow: number;
  readonly key: number;
}

const BYTES_EACH = 8 + 8 + 8 + 4 + 2 + 1;

/** Lays `count` entries out in `buffer` from `offset` on, wide columns first so that each is aligned. */
export const columnsIn = (buffer: ArrayBufferLike, count: number, offset = 0): ColumnViews => ({
  expiries: new Float64Array(buffer, offset, count),
  times: new Float64Array(buffer, offset + count * 8, count),
  fingerprints: new Uint32Array(buffer, offset + count * 16, count * 2),
  identities: new Uint32Array(buffer, offset + count * 24, count),
  keys: new Int16Array(buffer, offset + count * 28, count),
  verdicts: new Uint8Array(buffer, offset + count * 30, count),
});

/** Collects the columns of a block; its memory grows once and serves all blocks. */
export class Columns {
  #room = 0;
  #views: ColumnViews = columnsIn(new ArrayBuffer(0), 0);

  /** Makes room for `count` entries. */
  reserve(count: number): void {
    if (count <= this.#room) return;
    this.#room = Math.max(1024, count * 2);
    this.#views = columnsIn(new ArrayBuffer(this.#room * BYTES_EACH), this.#room);
  }

  set(at: number, use: Use): void {
    const { verdicts, identities, expiries, times, fingerprints, keys } = this.#views;
    verdicts[at] = VERDICT_INDEX.get(use.verdict)!;
    identities[at] = use.identity;
    expiries[at] = use.expiry;
    times[at] = use.time;
    fingerprints[at * 2] = use.fingerprintHigh;
    fingerprints[at * 2 + 1] = use.fingerprintLow;
    keys[at] = use.key;
  }

  /** Takes the entries number `from` to `to` of other columns over, to `at` and on. */
  adopt(other: ColumnViews, from: number, to: number, at: number): void {
    if (from === to) return;
    const { verdicts, identities, expiries, times, fingerprints, keys } = this.#views;
    verdicts.set(other.verdicts.subarray(from, to), at);
    identities.set(other.identities.subarray(from, to), at);
    expiries.set(other.expiries.subarray(from, to), at);
    times.set(other.times.subarray(from, to), at);
    fingerprints.set(other.fingerprints.subarray(from * 2, to * 2), at * 2);
    keys.set(other.keys.subarray(from, to), at);
  }

  /** Copies the first `count` entries into `memory` if they fit, else into memory of their own. */
  copy(count: number, memory: ArrayBuffer): ColumnViews {
    const fits = memory.byteLength >= count * BYTES_EACH;
    const copy = columnsIn(fits ? memory : new ArrayBuffer(count * BYTES_EACH), count);
    const { verdicts, identities, expiries, times, fingerprints, keys } = this.#views;
    copy.verdicts.set(verdicts.subarray(0, count));
    copy.identities.set(identities.subarray(0, count));
    copy.expiries.set(expiries.subarray(0, count));
    copy.times.set(times.subarray(0, count));
    copy.fingerprints.set(fingerprints.subarray(0, count * 2));
    copy.keys.set(keys.subarray(0, count));
    return copy;
  }
}
