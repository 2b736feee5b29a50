import { userKey, type Identity } from '../verify/identity.ts';
import type { Judgement } from '../verify/judgement.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';
import { NO_IDENTITY } from './judged.ts';

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

const MOST_IDENTITIES = 1 << 18;

interface Numbered {
  readonly identity: Identity;
  readonly number: number;
  /** The same user with another e-mail or other roles. */
  readonly next: Numbered | null;
}

/**
 * Numbers identities, so that a thread hands over each one's strings once.
 * Bounded: starts over after 262,144, and numbers go on rising.
 */
export class Identities {
  readonly #users = new Map<string, Numbered>();
  #fresh: Identity[] = [];
  #next = 0;
  #oldest = 0;

  /** The number of a judgement's identity; remembered in the judgement. */
  numberOf(judgement: Judgement): number {
    if (judgement.claims === null) return NO_IDENTITY;
    if (judgement.identity >= this.#oldest) return judgement.identity;
    const { identity } = judgement.claims;
    const key = userKey(identity);
    const first = this.#users.get(key) ?? null;
    for (let known = first; known !== null; known = known.next) {
      if (isSame(known.identity, identity)) {
        judgement.identity = known.number;
        return known.number;
      }
    }
    judgement.identity = this.#add(key, identity, first);
    return judgement.identity;
  }

  #add(key: string, identity: Identity, next: Numbered | null): number {
    const number = this.#next++;
    this.#fresh.push(identity);
    if (number - this.#oldest >= MOST_IDENTITIES) {
      this.#users.clear();
      this.#oldest = number;
      this.#users.set(key, { identity, number, next: null });
    } else this.#users.set(key, { identity, number, next });
    return number;
  }

  /** The identities that got a number since the last call, in the order of their numbers. */
  takeFresh(): readonly Identity[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

/** Same e-mail and roles, of the same user. */
const isSame = (a: Identity, b: Identity): boolean =>
  a.email === b.email &&
  a.roles.length === b.roles.length &&
  a.roles.every((role, i) => role === b.roles[i]);
