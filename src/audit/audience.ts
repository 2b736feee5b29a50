import type { TokenFacts } from '../event/facts.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';
import type { Detector, Rule } from './rule.ts';
import { isAccepted, isTokenUse, isVerified, type TokenUse, type Use } from './use.ts';

/** Where there is no verdict: the place behind all in `VERDICTS`. */
export const NO_VERDICT: number = VERDICTS.length;

/** What a use is to a rule beside its verdict: `REPEATED`, a token again that was used alike a moment ago. */
const ORDINARY = 0;
const REPEATED = 1;
const NAMED = 2;
const SORTS = [ORDINARY, REPEATED, NAMED];

/** A power of two: tokens of which is remembered how they were used. */
const PLACES = 1 << 15;

/** Bits of a number: one for each rule. */
export const MOST_RULES = 32;

const ALL = -1;

/** A rule that not all tokens can matter to. */
interface Choosy {
  readonly bit: number;
  readonly concerns: (use: TokenUse) => boolean;
}

/** Tells which rules a use is shown to, so that most are not asked about what cannot matter to them. */
export class Audience {
  readonly #choosy: readonly Choosy[];
  /** Names of events that rules ask for. */
  readonly #events: ReadonlySet<string>;
  /** By verdict and sort: a bit for each rule that is shown such uses. */
  readonly #byKind: Int32Array;
  /** The very objects, of which two that share a place forget each other, and the verdict of each. */
  readonly #tokens: (TokenFacts | null)[] = Array<TokenFacts | null>(PLACES).fill(null);
  readonly #verdicts: Uint8Array = new Uint8Array(PLACES);
  /** A bit for each rule that the token, with this verdict, can matter to. */
  readonly #concerned: Int32Array = new Int32Array(PLACES);
  /** A bit for each way in which the token was used. */
  readonly #ways: Uint8Array = new Uint8Array(PLACES);

  constructor(rules: readonly Rule[], detectors: readonly Detector[]) {
    this.#choosy = detectors.flatMap(({ concerns }, index) =>
      concerns === undefined ? [] : [{ bit: 1 << index, concerns }],
    );
    this.#events = new Set(rules.flatMap(({ events = [] }) => events));
    this.#byKind = Int32Array.from(
      [...VERDICTS, null].flatMap((verdict) =>
        SORTS.map((sort) =>
          bitsOf(rules, (rule) => looksAt(rule, verdict) && needsSort(rule, sort)),
        ),
      ),
    );
  }

  /** A bit for each rule; `verdict`: its place in `VERDICTS`, or `NO_VERDICT`. */
  of(use: Use, verdict: number): number {
    const isNamed = use.event !== null && this.#events.has(use.event);
    if (!isTokenUse(use)) return this.#shown(verdict, isNamed ? NAMED : ORDINARY);
    const place = this.#placeOf(use, verdict);
    const sort = isNamed ? NAMED : this.#isRepeated(use, place) ? REPEATED : ORDINARY;
    return this.#shown(verdict, sort) & this.#concerned[place]!;
  }

  #shown(verdict: number, sort: number): number {
    return this.#byKind[verdict * SORTS.length + sort]!;
  }

  #placeOf(use: TokenUse, verdict: number): number {
    const place = use.token.hash & (PLACES - 1);
    if (this.#tokens[place] !== use.token || this.#verdicts[place] !== verdict) {
      this.#tokens[place] = use.token;
      this.#verdicts[place] = verdict;
      this.#concerned[place] = this.#concernedBy(use);
      this.#ways[place] = 0;
    }
    return place;
  }

  #concernedBy(use: TokenUse): number {
    let bits = ALL;
    for (const { bit, concerns } of this.#choosy) if (!concerns(use)) bits &= ~bit;
    return bits;
  }

  /** A verified token that came before, was then let in or not as now, and had an address, or none, as now. */
  #isRepeated(use: TokenUse, place: number): boolean {
    if (!isVerified(use) || Number.isNaN(use.time)) return false;
    const way = (isAccepted(use) ? 1 : 2) << (use.ip === null ? 2 : 0);
    const ways = this.#ways[place]!;
    this.#ways[place] = ways | way;
    return (ways & way) !== 0;
  }
}

const looksAt = ({ verdicts }: Rule, verdict: Verdict | null): boolean =>
  verdicts === null || (verdict !== null && verdicts.includes(verdict));

const needsSort = ({ needs }: Rule, sort: number): boolean =>
  needs === undefined || sort === NAMED || (needs === 'news' && sort === ORDINARY);

const bitsOf = <T>(all: readonly T[], is: (one: T) => boolean): number => {
  let bits = 0;
  for (const [i, one] of all.entries()) if (is(one)) bits |= 1 << i;
  return bits;
};
