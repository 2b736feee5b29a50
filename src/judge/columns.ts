import type { Judgement } from '../verify/judgement.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';

const VERDICT_INDEX: ReadonlyMap<Verdict, number> = new Map(VERDICTS.map((v, i) => [v, i]));

/** Room for the columns of a block's occurrences. */
export class Columns {
  readonly verdicts: Uint8Array;
  readonly identities: Uint32Array;
  readonly expiries: Float64Array;
  readonly times: Float64Array;
  readonly fingerprints: Uint32Array;
  readonly keys: Int16Array;

  constructor(count: number) {
    this.verdicts = new Uint8Array(count);
    this.identities = new Uint32Array(count);
    this.expiries = new Float64Array(count);
    this.times = new Float64Array(count);
    this.fingerprints = new Uint32Array(count * 2);
    this.keys = new Int16Array(count);
  }

  set(
    at: number,
    judgement: Judgement,
    verdict: Verdict,
    time: number,
    identity: number,
    key: number,
  ): void {
    this.verdicts[at] = VERDICT_INDEX.get(verdict)!;
    this.identities[at] = identity;
    this.expiries[at] = judgement.claims === null ? Number.NaN : judgement.claims.exp;
    this.times[at] = time;
    this.fingerprints[at * 2] = judgement.fingerprintHigh;
    this.fingerprints[at * 2 + 1] = judgement.fingerprintLow;
    this.keys[at] = key;
  }
}
