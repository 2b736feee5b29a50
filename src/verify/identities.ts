import { userKey, type Identity } from './identity.ts';
import type { PlainClaims } from './plain-claims.ts';

const MOST = 1 << 17;
/** Characters of all user ids, e-mails and roles: hostile ones may be as long as a token. */
const MOST_CHARACTERS = 16 << 20;
const FIRST_SLOTS = 1 << 12;
/** Names that somebody made to collide are not searched for long: they are read the long way. */
const MOST_STEPS = 16;
const FNV = 0x01000193;

interface Numbered {
  readonly identity: Identity;
  readonly number: number;
  /** The same user with another e-mail or other roles. */
  readonly next: Numbered | null;
}

/**
 * Numbers identities, so that a thread hands over each one's strings once, and recognises the
 * identity in a plain claims set by its bytes, so that none are made at all. Bounded: starts over
 * between two blocks after 131,072 or 16 million characters, and numbers go on rising.
 */
export class Identities {
  readonly #users = new Map<string, Numbered>();
  /** Number + 1 by hash of the spelling. */
  #slots: Int32Array = new Int32Array(FIRST_SLOTS);
  /** Spellings one after the other; where each number's starts and ends. */
  #arena: Uint8Array = new Uint8Array(1 << 16);
  #places: Int32Array = new Int32Array(1 << 12);
  #hashes: Int32Array = new Int32Array(1 << 11);
  #arenaUsed = 0;
  #used = 0;
  #known: Identity[] = [];
  #fresh: Identity[] = [];
  #first = 0;
  #characters = 0;

  /** The least number that is still known; to be called before each block. */
  beginBlock(): number {
    if (this.#known.length >= MOST || this.#characters >= MOST_CHARACTERS) {
      this.#characters = 0;
      this.#first += this.#known.length;
      this.#known = [];
      this.#places.fill(0);
      this.#arenaUsed = 0;
      this.#used = 0;
      this.#slots = new Int32Array(FIRST_SLOTS);
      this.#users.clear();
    }
    return this.#first;
  }

  /** Whether a number given earlier still stands for its identity. */
  knows(number: number): boolean {
    return number >= this.#first;
  }

  get(number: number): Identity {
    return this.#known[number - this.#first]!;
  }

  numberOf(identity: Identity): number {
    const key = userKey(identity);
    const first = this.#users.get(key) ?? null;
    for (let known = first; known !== null; known = known.next) {
      if (isSame(known.identity, identity)) return known.number;
    }
    const number = this.#first + this.#known.length;
    this.#characters += charactersOf(identity);
    this.#known.push(identity);
    this.#fresh.push(identity);
    this.#users.set(key, { identity, number, next: first });
    return number;
  }

  /** The number of the identity that these claims spell; -1 where that spelling was not `learn`ed. */
  recognise(json: Uint8Array, claims: PlainClaims): number {
    const mask = this.#slots.length - 1;
    const hash = hashOf(json, claims);
    for (let step = 0; step < MOST_STEPS; step++) {
      const entry = this.#slots[(hash + step) & mask]!;
      if (entry === 0) return -1;
      if (this.#isSpelling(entry - 1, json, claims)) return entry - 1 + this.#first;
    }
    return -1;
  }

  /** Remembers how these claims spell the identity of `number`. */
  learn(json: Uint8Array, claims: PlainClaims, number: number): void {
    const at = number - this.#first;
    while (at * 2 + 1 >= this.#places.length) {
      this.#places = doubled(this.#places);
      this.#hashes = doubled(this.#hashes);
    }
    // One spelling each is enough: another one is merely read the long way.
    if (this.#places[at * 2 + 1] !== 0) return;
    this.#write(at, json, claims);
    this.#hashes[at] = hashOf(json, claims);
    if (++this.#used * 2 > this.#slots.length) this.#rehash();
    else this.#insert(at);
  }

  /** The identities that got a number since the last call, in the order of their numbers. */
  takeFresh(): readonly Identity[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  #insert(at: number): void {
    const hash = this.#hashes[at]!;
    const mask = this.#slots.length - 1;
    for (let step = 0; step < MOST_STEPS; step++) {
      const slot = (hash + step) & mask;
      if (this.#slots[slot] !== 0) continue;
      this.#slots[slot] = at + 1;
      return;
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#known.length && at * 2 < this.#places.length; at++) {
      if (this.#places[at * 2 + 1] !== 0) this.#insert(at);
    }
  }

  #write(at: number, json: Uint8Array, claims: PlainClaims): void {
    const { userStart, userEnd, emailStart, emailEnd, rolesStart, rolesEnd } = claims;
    const start = this.#arenaUsed;
    const room = start + json.length + 1;
    if (room > this.#arena.length) {
      const arena = new Uint8Array(Math.max(room, this.#arena.length * 2));
      arena.set(this.#arena);
      this.#arena = arena;
    }
    this.#arena[this.#arenaUsed++] = shapeOf(claims);
    this.#append(json, userStart, userEnd);
    this.#append(json, emailStart, emailEnd);
    this.#append(json, rolesStart, rolesEnd);
    this.#places[at * 2] = start;
    this.#places[at * 2 + 1] = this.#arenaUsed;
  }

  #append(json: Uint8Array, start: number, end: number): void {
    if (start < 0) return;
    for (let i = start; i < end; i++) this.#arena[this.#arenaUsed++] = json[i]!;
  }

  #isSpelling(at: number, json: Uint8Array, claims: PlainClaims): boolean {
    const { userStart, userEnd, emailStart, emailEnd, rolesStart, rolesEnd } = claims;
    const arena = this.#arena;
    const end = this.#places[at * 2 + 1]!;
    let i = this.#places[at * 2]!;
    if (arena[i++] !== shapeOf(claims)) return false;
    if (userStart >= 0) i = matchEnd(arena, i, end, json, userStart, userEnd);
    if (emailStart >= 0 && i > 0) i = matchEnd(arena, i, end, json, emailStart, emailEnd);
    if (rolesStart >= 0 && i > 0) i = matchEnd(arena, i, end, json, rolesStart, rolesEnd);
    return i === end;
  }
}

const charactersOf = ({ userId, email, roles }: Identity): number =>
  (typeof userId === 'string' ? userId.length : 0) +
  (email?.length ?? 0) +
  roles.reduce((sum, role) => sum + role.length, 0);

const doubled = (smaller: Int32Array): Int32Array => {
  const larger = new Int32Array(smaller.length * 2);
  larger.set(smaller);
  return larger;
};

/** Same e-mail and roles, of the same user. */
const isSame = (a: Identity, b: Identity): boolean =>
  a.email === b.email &&
  a.roles.length === b.roles.length &&
  a.roles.every((role, i) => role === b.roles[i]);

// The spelling of an identity: user, e-mail and roles as they stand in the claims. Each value
// brings its own delimiters; which of them are there goes first.
const shapeOf = ({ userStart, emailStart, rolesStart }: PlainClaims): number =>
  (userStart < 0 ? 0 : 4) + (emailStart < 0 ? 0 : 1) + (rolesStart < 0 ? 0 : 2);

const mix = (hash: number): number => hash ^ (hash >>> 15);

const hashBytes = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV);
  return mix(hash);
};

/** Of the user alone: another e-mail or other roles of the same user are rare. */
const hashOf = (json: Uint8Array, { userStart, userEnd }: PlainClaims): number =>
  userStart < 0 ? 0 : hashBytes(json, userStart, userEnd);

/** Where the match of `json[start, end)` at `at` ends, -1 where there is none before `limit`. */
const matchEnd = (
  arena: Uint8Array,
  at: number,
  limit: number,
  json: Uint8Array,
  start: number,
  end: number,
): number => {
  if (at + end - start > limit) return -1;
  for (let i = start; i < end; i++) if (arena[at + i - start] !== json[i]) return -1;
  return at + end - start;
};
