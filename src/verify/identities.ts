import { userKey, type Identity } from './identity.ts';

const MOST = 1 << 17;
/** Characters of all user ids, e-mails and roles: hostile ones may be as long as a token. */
const MOST_CHARACTERS = 16 << 20;

/** Identities as claims spell them, one after the other; `readSpellings` (src/kernel) reads them, and masks tokens. */
export interface Spellings {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Identities that got a number: spelled ones first, then the others, each in the order of their numbers. */
export interface FreshIdentities {
  /** The least number that still stands for anything; what lies below may be forgotten. */
  readonly firstIdentity: number;
  readonly newSpellings: Spellings;
  readonly newIdentities: readonly Identity[];
}

export const NO_SPELLINGS: Spellings = { count: 0, bytes: new Uint8Array(0) };

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
  #spellings = NO_SPELLINGS;
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

  /** The number that the next identity will get. */
  get next(): number {
    return this.#first + this.#count;
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
    const number = this.#add(identity);
    this.#users.set(key, { identity, number, next: first });
    return number;
  }

  /** Takes over what the kernel has given the next numbers to; before any other in the same block. */
  addSpellings(spellings: Spellings): void {
    this.#spellings = spellings;
    this.#characters += spellings.bytes.length;
    this.#count += spellings.count;
  }

  /** What got a number since the last call, and the least number that still stands for anything. */
  takeFresh(): FreshIdentities {
    const fresh = {
      firstIdentity: this.#first,
      newSpellings: this.#spellings,
      newIdentities: this.#fresh,
    };
    this.#fresh = [];
    this.#spellings = NO_SPELLINGS;
    return fresh;
  }

  #add(identity: Identity): number {
    this.#characters += charactersOf(identity);
    this.#fresh.push(identity);
    return this.#first + this.#count++;
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
