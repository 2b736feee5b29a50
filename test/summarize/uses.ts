import { columnsIn } from '../../src/judge/columns.ts';
import { NO_IDENTITY, type JudgedBlock } from '../../src/judge/judged.ts';
import { Identities } from '../../src/verify/identities.ts';
import type { Identity } from '../../src/verify/identity.ts';
import { VERDICTS, type Verdict } from '../../src/verify/verdict.ts';
import { createRandom } from '../oracle/random.ts';
import { bytesOf, spellingOf } from './spell.ts';

/** One use of a token, as a judge saw it. */
export interface Use {
  /** Null where no claims could be read. */
  readonly who: Identity | null;
  readonly verdict?: Verdict;
  /** High and low word of the fingerprint. */
  readonly token?: readonly [high: number, low: number];
  readonly exp?: number;
  readonly time?: number;
  readonly key?: number;
  /** The judge has told of the token before, and does without its fingerprint. */
  readonly again?: boolean;
}

/** The fingerprints of uses, also of those whose judge does without. */
export const fingerprintsOf = (uses: readonly Use[]): Uint32Array =>
  Uint32Array.from(uses.flatMap(({ token }, i) => token ?? tokenOf(i)));

export const NOW = 1_700_000_000;
export const DAY = 86_400;

export const person = (userId: string | number, more: Partial<Identity> = {}): Identity => ({
  userIdType: typeof userId === 'string' ? 'string' : 'number',
  userId,
  email: null,
  roles: [],
  ...more,
});

/** The fingerprint of token number `n`: as evenly spread as those of real tokens. */
export const tokenOf = (n: number): readonly [high: number, low: number] => [
  Math.imul(n, 0x9e3779b1) >>> 0,
  Math.imul(n ^ 0x5bd1e995, 0x85ebca6b) >>> 0,
];

/**
 * Numbers identities as a judge does, and forgets them when it is told to: most of those that can be spelled are, in
 * one way or another, and a line later the same one may not be.
 */
export class Uses {
  readonly #identities = new Identities();
  readonly #random = createRandom(5);
  #spelled = new Map<string, number>();

  block(uses: readonly Use[], more: Partial<JudgedBlock> = {}): JudgedBlock {
    this.#identities.startOverIfFull(false);
    const count = uses.length;
    const columns = columnsIn(new ArrayBuffer(count * 31), count);
    const first = this.#identities.next;
    const fresh: (readonly string[])[] = [];
    const numbers = uses.map(({ who }) => this.#spelledNumber(who, first, fresh));
    this.#identities.addSpellings({ count: fresh.length, bytes: bytesOf(fresh) });
    for (let i = 0; i < count; i++) {
      const {
        who,
        verdict = 'valid',
        token = tokenOf(i),
        exp = NOW,
        time = NaN,
        key = 0,
        again = false,
      } = uses[i]!;
      columns.verdicts[i] = VERDICTS.indexOf(verdict);
      columns.identities[i] =
        who === null ? NO_IDENTITY : (numbers[i] ?? this.#identities.numberOf(who));
      columns.expiries[i] = exp;
      columns.times[i] = time;
      columns.fingerprints.set(again ? [0, 0] : token, i * 2);
      columns.keys[i] = key;
    }
    return {
      ...columns,
      count,
      lines: count,
      linesWithToken: count,
      linesSkipped: 0,
      ...this.#identities.takeFresh(),
      notices: [],
      events: null,
      ...more,
    };
  }

  #spelledNumber(who: Identity | null, first: number, fresh: (readonly string[])[]): number | null {
    const spelling = who === null || this.#random.once(4) ? null : spellingOf(who, this.#random);
    if (spelling === null) return null;
    const key = JSON.stringify(spelling);
    const known = this.#spelled.get(key);
    if (known !== undefined && this.#identities.knows(known)) return known;
    this.#spelled.set(key, first + fresh.length);
    fresh.push(spelling);
    return first + fresh.length - 1;
  }

  forget(): void {
    this.#identities.startOverIfFull(true);
    this.#spelled.clear();
  }
}
