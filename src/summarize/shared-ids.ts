import { isSameOfUser } from '../verify/identities.ts';
import { userKey, type Identity } from '../verify/identity.ts';

/** Identities that are told apart at a time, beside the first one of each user; strings are kept for each. */
const MOST = 1 << 18;

/** Numbers identities among those of all judges, from 1: two that say the same have one number. */
export class SharedIds {
  readonly #numbers = new Map<string, number>();
  readonly #rows: number;
  readonly #onForget: () => void;

  /**
   * @param rows most users that there may be: the first identity of each has the number behind its row's
   * @param onForget told before the first number is given anew
   */
  constructor(rows: number, onForget: () => void) {
    this.#rows = rows;
    this.#onForget = onForget;
  }

  /** @param first the first identity of the user who has the row, null where the row is that of many */
  idOf(identity: Identity, row: number, first: Identity | null): number {
    if (first === null || isSameOfUser(first, identity)) return row + 1;
    const key = wholeKey(identity);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size === MOST) {
      this.#numbers.clear();
      this.#onForget();
    }
    const id = this.#rows + 1 + this.#numbers.size;
    this.#numbers.set(key, id);
    return id;
  }
}

/** Tells identities apart by all that they say: lengths first, for any text may hold any separator. */
const wholeKey = (identity: Identity): string => {
  const { email, roles } = identity;
  const key = userKey(identity);
  const lengths = `${key.length} ${email?.length ?? '-'} ${roles.map((role) => role.length).join()}`;
  return `${lengths}:${key}${email ?? ''}${roles.join('')}`;
};
