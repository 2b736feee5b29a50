import { userKey, type Identity } from './identity.ts';

const MOST = 1 << 17;
/** Characters of all user ids, e-mails and roles: hostile ones may be as long as a token. */
const MOST_CHARACTERS = 16 << 20;

interface Numbered {
  readonly identity: Identity;
  readonly number: number;
  /** The same user with another e-mail or other roles. */
  readonly next: Numbered | null;
}

/**
 * Numbers identities, so that a thread hands over each one's strings once. Bounded: starts over between two
 * blocks after 131,072 or 16 million characters, and numbers go on rising.
 */
export class Identities {
  readonly #users = new Map<string, Numbered>();
  #count = 0;
  #fresh: Identity[] = [];
  #first = 0;
  #characters = 0;

  /** Before each block: true where all numbers so far were given up. */
  startOverIfFull(isFull: boolean): boolean {
    if (!isFull && this.#count < MOST && this.#characters < MOST_CHARACTERS) return false;
    this.#characters = 0;
    this.#first += this.#count;
    this.#count = 0;
    this.#users.clear();
    return true;
  }

  /** The least number that still stands for anything. */
  get first(): number {
    return this.#first;
  }

  /** Whether a number given earlier still stands for its identity. */
  knows(number: number): boolean {
    return number >= this.#first;
  }

  numberOf(identity: Identity): number {
    const key = userKey(identity);
    const first = this.#users.get(key) ?? null;
    for (let known = first; known !== null; known = known.next) {
      if (isSameOfUser(known.identity, identity)) return known.number;
    }
    const number = this.add(identity);
    this.#users.set(key, { identity, number, next: first });
    return number;
  }

  /** Numbers an identity that the caller knows again by itself. */
  add(identity: Identity): number {
    this.#characters += charactersOf(identity);
    this.#fresh.push(identity);
    return this.#first + this.#count++;
  }

  /** The identities that got a number since the last call, in the order of their numbers. */
  takeFresh(): readonly Identity[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

const charactersOf = ({ userId, email, roles }: Identity): number =>
  (typeof userId === 'string' ? userId.length : 0) +
  (email?.length ?? 0) +
  roles.reduce((sum, role) => sum + role.length, 0);

/** Same e-mail and roles, of the same user. */
export const isSameOfUser = (a: Identity, b: Identity): boolean =>
  a.email === b.email &&
  a.roles.length === b.roles.length &&
  a.roles.every((role, i) => role === b.roles[i]);
