import { AuthlogError } from '../../errors.ts';
import { VERDICTS, type Verdict } from '../../verify/verdict.ts';
import { readBearer } from '../bearer.ts';
import type { TokenGroup } from '../store.ts';

/** About 250 bytes each: 250 MB. */
export const MOST_GROUPS = 1_000_000;
const CHUNK = 5_000;
const TOKEN_ID = 16;
/** Numbers kept of a group: uses, accepted uses, first, last. */
const COLUMNS = 4;

/** One use of a token as the store's index columns have it. */
export interface StoredUse {
  readonly tokenId: string;
  readonly verdict: Verdict;
  readonly bearer: string;
  /** Milliseconds, NaN for none. */
  readonly time: number;
  readonly isAccepted: boolean;
}

/** Groups uses where the server can't. Throws INPUT for more than `limit` groups. */
export class GroupTally {
  readonly #limit: number;
  readonly #numbers = new Map<string, number>();
  #columns: Float64Array = new Float64Array(1024 * COLUMNS);

  constructor(limit: number = MOST_GROUPS) {
    this.#limit = limit;
  }

  add({ tokenId, verdict, bearer, time, isAccepted }: StoredUse): void {
    const verdictMark = String.fromCharCode(65 + VERDICTS.indexOf(verdict));
    const at = this.#rowOf(tokenId + verdictMark + bearer) * COLUMNS;
    const columns = this.#columns;
    columns[at]!++;
    if (isAccepted) columns[at + 1]!++;
    if (Number.isNaN(time)) return;
    if (!(columns[at + 2]! <= time)) columns[at + 2] = time;
    if (!(columns[at + 3]! >= time)) columns[at + 3] = time;
  }

  /** By last use, those without a time first, then by token. */
  *chunks(): Iterable<readonly TokenGroup[]> {
    const names = [...this.#numbers.keys()];
    const order = Uint32Array.from(names, (_, row) => row).sort(
      (a, b) => this.#last(a) - this.#last(b) || (names[a]! < names[b]! ? -1 : 1),
    );
    for (let from = 0; from < order.length; from += CHUNK) {
      yield Array.from(order.subarray(from, from + CHUNK), (row) => this.#group(names[row]!, row));
    }
  }

  #group(name: string, row: number): TokenGroup {
    const at = row * COLUMNS;
    const columns = this.#columns;
    return {
      tokenId: name.slice(0, TOKEN_ID),
      verdict: VERDICTS[name.charCodeAt(TOKEN_ID) - 65]!,
      ...readBearer(name.slice(TOKEN_ID + 1)),
      uses: columns[at]!,
      accepted: columns[at + 1]!,
      first: columns[at + 2]!,
      last: columns[at + 3]!,
    };
  }

  #last(row: number): number {
    const last = this.#columns[row * COLUMNS + 3]!;
    return Number.isNaN(last) ? -Number.MAX_VALUE : last;
  }

  #rowOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const row = this.#numbers.size;
    if (row >= this.#limit) {
      throw new AuthlogError(
        'INPUT',
        `the database holds more than ${this.#limit.toLocaleString('en')} different tokens of this time`,
        'Take a shorter time with --since and --until, or keep so many in ClickHouse or DuckDB.',
      );
    }
    this.#numbers.set(name, row);
    if ((row + 1) * COLUMNS > this.#columns.length) {
      const larger = new Float64Array(this.#columns.length * 2);
      larger.set(this.#columns);
      this.#columns = larger;
    }
    this.#columns.fill(Number.NaN, row * COLUMNS + 2, row * COLUMNS + 4);
    return row;
  }
}
