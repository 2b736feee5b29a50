/** What a member of a plain claims set is to us: its role, or the rank of a claim that may name the user. */
const ROLE = { exp: 0, nbf: 1, iat: 2, email: 3, roles: 4, user: 5 } as const;

const DATES = (1 << ROLE.exp) | (1 << ROLE.nbf) | (1 << ROLE.iat);

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;
const MOST_MEMBERS = 24;
const MOST_DIGITS = 15;
const FIRST_SLOTS = 128;
const FNV = 0x01000193;

interface Wanted {
  readonly name: Uint8Array;
  /** Bits of `1 << ROLE`: `email` may both be shown and name the user. */
  readonly roles: number;
  /** Place among the claims that may name the user. */
  readonly rank: number;
}

/**
 * Reads claims sets that are plain: one line of JSON as libraries write it, ASCII, no escapes, no
 * nesting but arrays of strings, whole numbers, no name twice. That is nearly every token of a
 * log, at a fraction of the cost of `JSON.parse`. Everything else makes `read` return false and is
 * `readClaims`' to judge; what is read here, `readClaims` reads the same.
 */
export class PlainClaims {
  /** NumericDates in seconds, NaN where absent. */
  exp: number = Number.NaN;
  nbf: number = Number.NaN;
  iat: number = Number.NaN;
  /** Place of the value that names the user, with its quotes; the start is -1 for none. */
  userStart: number = -1;
  userEnd: number = -1;
  /** Which claim that is. */
  userRank: number = 0;
  /** Places of the values of `email` and `roles` or `role`; the start is -1 for none. */
  emailStart: number = -1;
  emailEnd: number = -1;
  rolesStart: number = -1;
  rolesEnd: number = -1;
  #slots: (Wanted | undefined)[] = [];
  #seed = 0;
  readonly #seen: Int32Array = new Int32Array(MOST_MEMBERS);

  constructor(userClaims: readonly string[]) {
    const wanted = new Map<string, { roles: number; rank: number }>();
    const want = (name: string, role: number, rank: number): void => {
      const known = wanted.get(name);
      if (known === undefined) wanted.set(name, { roles: 1 << role, rank });
      else wanted.set(name, { roles: known.roles | (1 << role), rank });
    };
    for (const name of ['exp', 'nbf', 'iat', 'email'] as const) want(name, ROLE[name], 0);
    for (const name of ['roles', 'role']) want(name, ROLE.roles, 0);
    for (const [rank, name] of userClaims.entries()) want(name, ROLE.user, rank);
    const names = Array.from(wanted, ([name, rest]) => ({
      name: new TextEncoder().encode(name),
      ...rest,
    }));
    for (this.#seed = 0; !this.#place(names); this.#seed++);
  }

  /** Gives each name a slot of its own under the present seed; false where two meet. */
  #place(names: readonly Wanted[]): boolean {
    // With few slots and many names on the command line no seed might do.
    this.#slots = Array.from({ length: FIRST_SLOTS << (this.#seed >> 3) });
    for (const wanted of names) {
      let hash = this.#seed;
      for (const byte of wanted.name) hash = Math.imul(hash ^ byte, FNV);
      const slot = hash & (this.#slots.length - 1);
      if (this.#slots[slot] !== undefined) return false;
      this.#slots[slot] = wanted;
    }
    return true;
  }

  /** Reads `json[0, length)`; false where it is not plain, and then nothing here means anything. */
  read(json: Uint8Array, length: number): boolean {
    this.exp = Number.NaN;
    this.nbf = Number.NaN;
    this.iat = Number.NaN;
    this.userStart = -1;
    this.emailStart = -1;
    this.rolesStart = -1;
    if (length < 3 || json[0] !== 0x7b || json[length - 1] !== CLOSE_BRACE) {
      return false;
    }
    let members = 0;
    for (let i = 1; ;) {
      if (json[i] !== QUOTE) return false;
      const nameStart = i + 1;
      let hash = this.#seed;
      let c = json[++i]!;
      while (c !== QUOTE) {
        if (c < 0x20 || c > 0x7e || c === BACKSLASH || i >= length) return false;
        hash = Math.imul(hash ^ c, FNV);
        c = json[++i]!;
      }
      const nameEnd = i;
      if (json[i + 1] !== COLON || members === MOST_MEMBERS) return false;
      for (let k = 0; k < members; k++) if (this.#seen[k] === hash) return false;
      this.#seen[members++] = hash;
      const valueStart = i + 2;
      const valueEnd = skipValue(json, valueStart, length);
      if (valueEnd < 0) return false;
      const wanted = this.#slots[hash & (this.#slots.length - 1)];
      if (
        wanted !== undefined &&
        isName(json, nameStart, nameEnd, wanted.name) &&
        !this.#take(wanted, json, valueStart, valueEnd)
      ) {
        return false;
      }
      const after = json[valueEnd];
      if (after === CLOSE_BRACE) return valueEnd === length - 1;
      if (after !== COMMA) return false;
      i = valueEnd + 1;
    }
  }

  #take({ roles, rank }: Wanted, json: Uint8Array, start: number, end: number): boolean {
    const first = json[start]!;
    // `--user-claim exp`: a date that also names the user is the long way's.
    if ((roles & DATES) !== 0 && roles > DATES) return false;
    if (roles < 1 << ROLE.email) {
      const value = numberIn(json, start, end);
      if (Number.isNaN(value)) return false;
      if (roles === 1 << ROLE.exp) this.exp = value;
      else if (roles === 1 << ROLE.nbf) this.nbf = value;
      else this.iat = value;
      return true;
    }
    if ((roles & (1 << ROLE.roles)) !== 0) {
      if (this.rolesStart >= 0) return false;
      this.rolesStart = start;
      this.rolesEnd = end;
    }
    if ((roles & (1 << ROLE.email)) !== 0) {
      if (first !== QUOTE) return false;
      this.emailStart = start;
      this.emailEnd = end;
    }
    if ((roles & (1 << ROLE.user)) !== 0) {
      // An empty string and other types name a user only if nothing else does: not plain.
      if (first === QUOTE ? end - start === 2 : Number.isNaN(numberIn(json, start, end))) {
        return false;
      }
      if (this.userStart < 0 || rank < this.userRank) {
        this.userStart = start;
        this.userEnd = end;
        this.userRank = rank;
      }
    }
    return true;
  }
}

const isName = (json: Uint8Array, start: number, end: number, name: Uint8Array): boolean => {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (json[start + i] !== name[i]) return false;
  return true;
};

/** End of the plain value at `start`, -1 where it is not plain. */
const skipValue = (json: Uint8Array, start: number, length: number): number => {
  const first = json[start]!;
  if (first === QUOTE) return skipText(json, start, length);
  if (first === 0x5b) return skipTexts(json, start, length);
  if (first === 0x74) return skipWord(json, start, 'true');
  if (first === 0x66) return skipWord(json, start, 'false');
  if (first === 0x6e) return skipWord(json, start, 'null');
  return skipNumber(json, start);
};

const skipText = (json: Uint8Array, start: number, length: number): number => {
  let i = start + 1;
  for (;;) {
    const c = json[i]!;
    if (c === QUOTE) return i + 1;
    if (c < 0x20 || c > 0x7e || c === BACKSLASH || i >= length) return -1;
    i++;
  }
};

/** An array of strings, as of `aud` and `roles`. */
const skipTexts = (json: Uint8Array, start: number, length: number): number => {
  if (json[start + 1] === CLOSE_BRACKET) return start + 2;
  let i = start + 1;
  for (;;) {
    if (json[i] !== QUOTE) return -1;
    i = skipText(json, i, length);
    if (i < 0) return -1;
    if (json[i] === CLOSE_BRACKET) return i + 1;
    if (json[i] !== COMMA) return -1;
    i++;
  }
};

const skipWord = (json: Uint8Array, start: number, word: string): number => {
  for (let i = 0; i < word.length; i++) if (json[start + i] !== word.charCodeAt(i)) return -1;
  return start + word.length;
};

const isDigit = (c: number | undefined): boolean => c !== undefined && c >= 0x30 && c <= 0x39;

/** A whole number that a double holds exactly. */
const skipNumber = (json: Uint8Array, start: number): number => {
  const first = json[start] === 0x2d ? start + 1 : start;
  let i = first;
  while (isDigit(json[i])) i++;
  const digits = i - first;
  if (digits === 0 || digits > MOST_DIGITS || (json[first] === 0x30 && digits > 1)) return -1;
  return i;
};

/** The number that `skipNumber` went over, NaN where the value is of another type. */
const numberIn = (json: Uint8Array, start: number, end: number): number => {
  const negative = json[start] === 0x2d;
  const first = negative ? start + 1 : start;
  if (!isDigit(json[first])) return Number.NaN;
  let value = 0;
  for (let i = first; i < end; i++) value = value * 10 + json[i]! - 0x30;
  return negative ? -value : value;
};
