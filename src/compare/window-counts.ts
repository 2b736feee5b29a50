import { identityOf } from '../event/decode.ts';
import type { AuthEvent } from '../event/event.ts';
import { userKey } from '../verify/identity.ts';
import { VERIFIED, VERDICTS } from '../verify/verdict.ts';
import { NameCounts, Room, type Counts } from './names.ts';

/** Two windows of time, one after the other, in milliseconds; `until` is in neither. */
export interface Windows {
  readonly start: number;
  /** The first moment of the newer window. */
  readonly since: number;
  readonly until: number;
}

const MOST_NAMES = 1_000_000;
const MOST_CHARACTERS = 64 << 20;

/** Counts tokens of two windows by user, issuer, verdict and key; memory is bounded by the names it keeps. */
export class WindowCounts {
  readonly windows: Windows;
  readonly tokens: Counts = { older: 0, newer: 0 };
  /** By `userKey`. */
  readonly users: NameCounts;
  /** By the issuer as text, null where a token names none. */
  readonly issuers: NameCounts;
  readonly verdicts: NameCounts = new NameCounts(new Room(VERDICTS.length, MOST_CHARACTERS));
  readonly keys: NameCounts;

  constructor(windows: Windows, mostNames: number = MOST_NAMES) {
    this.windows = windows;
    const room = new Room(mostNames, MOST_CHARACTERS);
    this.users = new NameCounts(room);
    this.issuers = new NameCounts(room);
    this.keys = new NameCounts(room);
  }

  /** Counts a token. What an unverified one says is hearsay and reaches no name but its verdict's. */
  add(event: AuthEvent): void {
    const { verdict, time } = event;
    if (verdict === null || time === null) return;
    const at = Date.parse(time);
    const { start, since, until } = this.windows;
    if (!(at >= start && at < until)) return;
    const isNewer = at >= since;
    if (isNewer) this.tokens.newer++;
    else this.tokens.older++;
    this.verdicts.add(verdict, isNewer);
    if (!VERIFIED.has(verdict)) return;
    this.users.add(userKey(identityOf(event)), isNewer);
    this.issuers.add(issuerName(event.iss), isNewer);
    if (event.key !== null) this.keys.add(event.key, isNewer);
  }

  /** Uses that are missing among users, issuers and keys because there are too many names. */
  get leftOut(): number {
    return Math.max(this.users.leftOut, this.issuers.leftOut, this.keys.leftOut);
  }
}

const issuerName = (iss: string | null): string => (iss === null ? '-' : `s${iss}`);

/** The way back from the name of an issuer. */
export const issuerOf = (name: string): string | null => (name === '-' ? null : name.slice(1));
