import { userKey, type Identity } from '../verify/identity.ts';
import { nonZeroCounts, VERDICTS } from '../verify/verdict.ts';
import { byText } from './order.ts';
import type { UnverifiedUser } from './summary.ts';

/** Users that get a row. */
export const MOST_UNVERIFIED = 1000;

interface Row {
  /** From 0 on, in the order of the log. */
  readonly number: number;
  readonly identity: Identity;
  readonly key: string;
  readonly counts: Uint32Array;
  tokens: number;
}

export type UnverifiedRow = Row | null;

/** Users as claimed by tokens whose signature did not verify: hearsay, so only the first 1,000 get a row. */
export class UnverifiedTally {
  readonly #rows = new Map<string, Row>();
  /** Tokens of users without a row. */
  overflow = 0;

  /** The user's row, from then on for good; null where there are too many. */
  rowOf(identity: Identity): UnverifiedRow {
    const key = userKey(identity);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= MOST_UNVERIFIED) return null;
    const row = {
      number: this.#rows.size,
      identity,
      key,
      counts: new Uint32Array(VERDICTS.length),
      tokens: 0,
    };
    this.#rows.set(key, row);
    return row;
  }

  /** Rows so far. */
  get size(): number {
    return this.#rows.size;
  }

  /**
   * Adds what was counted elsewhere (assembly/meetings.ts): in `words` from `first` on `stride` for each row, counts by
   * verdict; and the overflow.
   */
  adopt(words: Uint32Array, first: number, stride: number, overflow: number): void {
    let at = first;
    for (const row of this.#rows.values()) {
      for (let verdict = 0; verdict < VERDICTS.length; verdict++) {
        const count = words[at + verdict]!;
        row.counts[verdict]! += count;
        row.tokens += count;
      }
      at += stride;
    }
    this.overflow += overflow;
  }

  add(row: UnverifiedRow, verdict: number, uses: number): void {
    if (row === null) {
      this.overflow += uses;
      return;
    }
    row.counts[verdict]! += uses;
    row.tokens += uses;
  }

  /** Most tokens first. */
  summaries(): UnverifiedUser[] {
    return [...this.#rows.values()]
      .toSorted((a, b) => b.tokens - a.tokens || byText(a.key, b.key))
      .map(({ identity, tokens, counts }) => ({
        user_id: identity.userId,
        user_id_type: identity.userIdType,
        tokens,
        verdicts: nonZeroCounts((index) => counts[index]!, tokens),
      }));
  }
}
