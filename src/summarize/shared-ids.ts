import { isSameOfUser } from '../verify/identities.ts';
import { userKey, type Identity } from '../verify/identity.ts';

/** Identities that are told apart at a time; strings are kept for each. */
const MOST = 1 << 18;

/** Numbers identities among those of all judges, from 1: two that say the same have one number. */
export class SharedIds {
  /** Of each user's row the first identity: most users have no other. */
  #firsts: { readonly identity: Identity; readonly id: number }[] = [];
  /** The numbers of all others, by all that they say. */
  readonly #others = new Map<string, number>();
  #last = 0;
  readonly #onForget: () => void;

  /** @param onForget told before the first number is given anew */
  constructor(onForget: () => void) {
    this.#onForget = onForget;
  }

  /** @param isShared the row is that of many users, who have one number together */
  idOf(identity: Identity, row: number, isShared: boolean): number {
    const first = this.#firsts[row];
    if (first === undefined) {
      const id = this.#next();
      this.#firsts[row] = { identity, id };
      return id;
    }
    if (isShared || isSameOfUser(first.identity, identity)) return first.id;
    const key = wholeKey(identity);
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const id = this.#next();
    this.#others.set(key, id);
    return id;
  }

  #next(): number {
    if (this.#last === MOST) {
      this.#firsts = [];
      this.#others.clear();
      this.#last = 0;
      this.#onForget();
    }
    return ++this.#last;
  }
}

/** Tells identities apart by all that they say: lengths first, for any text may hold any separator. */
const wholeKey = (identity: Identity): string => {
  const { email, roles } = identity;
  const key = userKey(identity);
  const lengths = `${key.length} ${email?.length ?? '-'} ${roles.map((role) => role.length).join()}`;
  return `${lengths}:${key}${email ?? ''}${roles.join('')}`;
};
