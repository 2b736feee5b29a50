import type { FreshIdentities } from '../verify/identities.ts';
import { Columns, type Use } from './columns.ts';
import type { BlockNotice, JudgedBlock } from './judged.ts';

/** Gathers groups of uses, which a store or a tally counted, into judged blocks as if each use had been read. */
export class GroupedUses {
  readonly #columns = new Columns();
  #entries: Use[] = [];
  #uses: number[] = [];

  /** Entries since the last block. */
  get count(): number {
    return this.#entries.length;
  }

  /** `last` has the time of the last use; `first`, in milliseconds, that of the first; NaN where none has one. */
  add(last: Use, first: number, uses: number): void {
    // The first and the last time of a group are those of two entries.
    const isSpread = uses > 1 && first !== last.time && !Number.isNaN(first);
    if (isSpread) {
      this.#entries.push({ ...last, time: first });
      this.#uses.push(1);
    }
    this.#entries.push(last);
    this.#uses.push(isSpread ? uses - 1 : uses);
  }

  /** A block of what was added since the last one; no lines stand behind it. */
  take(
    identities: FreshIdentities,
    notices: readonly BlockNotice[],
  ): JudgedBlock & { readonly uses: Float64Array } {
    const { count } = this;
    this.#columns.reserve(count);
    for (const [at, entry] of this.#entries.entries()) this.#columns.set(at, entry);
    const block = {
      lines: 0,
      linesWithToken: 0,
      linesSkipped: 0,
      count,
      uses: Float64Array.from(this.#uses),
      ...this.#columns.copy(count, new ArrayBuffer(0)),
      ...identities,
      notices,
      events: null,
    };
    this.#entries = [];
    this.#uses = [];
    return block;
  }
}
