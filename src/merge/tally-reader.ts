import type { Use } from '../judge/columns.ts';
import { GroupedUses } from '../judge/grouped.ts';
import { NO_IDENTITY, type JudgedBlock } from '../judge/judged.ts';
import { NO_SPELLINGS } from '../verify/identities.ts';
import { USER_ID_TYPES, type Identity } from '../verify/identity.ts';
import { VERDICTS } from '../verify/verdict.ts';
import {
  TALLY_SCHEMA,
  type TallyFoot,
  type TallyGroup,
  type TallyHead,
  type TallyKey,
  type TallyLine,
  type TallyUser,
} from './tally-format.ts';

const BLOCK = 4096;
const FINGERPRINT = /^[0-9a-f]{16}$/;
const ID_TYPES: ReadonlySet<unknown> = new Set(USER_ID_TYPES);

/** Reads the lines of a tally back into judged blocks; a line that is none of it throws TallyProblem. */
export class TallyReader {
  head: TallyHead | null = null;
  foot: TallyFoot | null = null;
  readonly #grouped = new GroupedUses();
  /** For each key of this tally its number among the keys of all. */
  #keys: readonly number[] = [];
  readonly #keyNumber: (key: TallyKey) => number;
  #fresh: Identity[] = [];
  #users = 0;

  /** @param keyNumber the number of a key among the keys of all tallies */
  constructor(keyNumber: (key: TallyKey) => number) {
    this.#keyNumber = keyNumber;
  }

  /** Takes a line; a block comes back where enough were read. */
  line(text: string): JudgedBlock | null {
    const value = parse(text);
    if (this.head === null) {
      if (!isHead(value)) throw new TallyProblem();
      this.head = value;
      this.#keys = (value.keys ?? []).map(this.#keyNumber);
      return null;
    }
    const line = value as TallyLine;
    if (this.foot !== null || typeof line !== 'object' || line === null) throw new TallyProblem();
    if ('group' in line) this.#addGroup(line.group);
    else if ('user' in line) this.#addUser(line.user);
    else if ('end' in line && isFoot(line.end)) return this.#end(line.end);
    else throw new TallyProblem();
    return this.#grouped.count < BLOCK ? null : this.#block();
  }

  /** What was read since the last block. */
  rest(): JudgedBlock {
    return this.#block();
  }

  #end(foot: TallyFoot): JudgedBlock {
    this.foot = foot;
    return {
      ...this.#block(),
      lines: foot.lines,
      linesWithToken: foot.lines_with_token,
      linesSkipped: foot.lines_skipped,
      notices: Object.entries(foot.counted).map(([code, count]) => ({ code, count })),
    };
  }

  #addUser(user: TallyUser): void {
    if (!isUser(user)) throw new TallyProblem();
    const [userIdType, userId, email, roles] = user;
    this.#fresh.push({ userIdType, userId, email, roles });
    this.#users++;
  }

  #addGroup(group: TallyGroup): void {
    if (!isGroup(group)) throw new TallyProblem();
    const [identity, verdict, fingerprint, expiry, key, uses, first, last] = group;
    const isKnown = identity < this.#users && key < this.#keys.length;
    if (!isKnown) throw new TallyProblem();
    const use: Use = {
      verdict,
      identity: identity < 0 ? NO_IDENTITY : identity,
      expiry: expiry ?? Number.NaN,
      time: last ?? Number.NaN,
      fingerprintHigh: Number.parseInt(fingerprint.slice(0, 8), 16),
      fingerprintLow: Number.parseInt(fingerprint.slice(8), 16),
      key: key < 0 ? -1 : this.#keys[key]!,
    };
    this.#grouped.add(use, first ?? Number.NaN, uses);
  }

  #block(): JudgedBlock {
    const fresh = this.#fresh;
    this.#fresh = [];
    return this.#grouped.take(
      { firstIdentity: 0, newSpellings: NO_SPELLINGS, newIdentities: fresh },
      [],
    );
  }
}

/** The line belongs to no tally, or to a damaged one. */
export class TallyProblem extends Error {}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new TallyProblem();
  }
};

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isNumberOrNull = (value: unknown): boolean => value === null || Number.isFinite(value);
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isIndex = (value: unknown): boolean => value === -1 || isCount(value);

const isHead = (value: unknown): value is TallyHead => {
  const head = value as Partial<TallyHead> | null;
  return (
    head?.schema === TALLY_SCHEMA &&
    Number.isFinite(head.now) &&
    (head.clock === 'use' || head.clock === 'now') &&
    typeof head.tz === 'string' &&
    typeof head.policy === 'string' &&
    typeof head.searched === 'string' &&
    (head.keys === null || (Array.isArray(head.keys) && head.keys.every(isKey)))
  );
};

const isKey = (value: unknown): boolean => {
  const key = value as Partial<TallyKey> | null;
  return typeof key?.id === 'string' && typeof key.kty === 'string' && isTexts(key.algs);
};

const isUser = (value: unknown): value is TallyUser => {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [type, id, email, roles] = value as unknown[];
  const isId = isTextOrNull(id) || Number.isFinite(id);
  return ID_TYPES.has(type) && isId && isTextOrNull(email) && isTexts(roles);
};

const isGroup = (value: unknown): value is TallyGroup => {
  if (!Array.isArray(value) || value.length !== 8) return false;
  const [identity, verdict, fingerprint, expiry, key, uses, first, last] = value as unknown[];
  return (
    isIndex(identity) &&
    (VERDICTS as readonly unknown[]).includes(verdict) &&
    typeof fingerprint === 'string' &&
    FINGERPRINT.test(fingerprint) &&
    isIndex(key) &&
    isCount(uses) &&
    uses !== 0 &&
    [expiry, first, last].every(isNumberOrNull)
  );
};

const isFoot = (value: unknown): value is TallyFoot => {
  const foot = value as Partial<TallyFoot> | null;
  return (
    foot !== null &&
    typeof foot === 'object' &&
    [foot.inputs, foot.files, foot.notices, foot.incomplete].every(Array.isArray) &&
    [foot.lines, foot.lines_with_token, foot.lines_skipped].every(isCount) &&
    typeof foot.counted === 'object' &&
    foot.counted !== null &&
    Object.values(foot.counted).every(isCount)
  );
};
