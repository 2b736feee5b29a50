import type { Incomplete } from '../source/input.ts';
import type { Notice } from '../summarize/summary.ts';
import type { UserIdType } from '../verify/identity.ts';
import type { Verdict } from '../verify/verdict.ts';

/** What happened to a name; `steady`: it is in both windows and changed less than counts. */
export type Change = 'new' | 'gone' | 'grown' | 'shrunk' | 'steady';

/** The object that `authlog compare --json` prints; `schema/authlog.comparison-1.json` describes it. */
export interface Comparison {
  readonly schema: 'authlog.comparison/1';
  /** RFC 3339, UTC. */
  readonly now: string;
  readonly tz: string;
  readonly verification: { readonly mode: 'verified' | 'none' };
  readonly threshold: Threshold;
  readonly older: WindowSummary;
  readonly newer: WindowSummary;
  readonly users: Section<UserName>;
  readonly issuers: Section<IssuerName>;
  readonly verdicts: Section<VerdictName>;
  readonly keys: Section<KeyName>;
  readonly notices: readonly Notice[];
  readonly incomplete: readonly Incomplete[] | null;
}

/** Grown is what has `growth` times the rate and `least` tokens more than before; shrunk is the reverse. */
export interface Threshold {
  readonly growth: number;
  readonly least: number;
}

export interface WindowSummary {
  readonly since: string;
  readonly until: string;
  readonly tokens: number;
}

export interface UserName {
  readonly user_id: string | number | null;
  readonly user_id_type: UserIdType;
}

export interface IssuerName {
  readonly iss: string | null;
}

export interface VerdictName {
  readonly verdict: Verdict;
}

export interface KeyName {
  readonly key: string;
}

/** How many names there are, what became of them, and those that are listed. */
export interface Section<Name> {
  /** Names that occur in each window. */
  readonly older: number;
  readonly newer: number;
  readonly new: number;
  readonly gone: number;
  readonly grown: number;
  readonly shrunk: number;
  readonly steady: number;
  /** By `change`, the greatest first, whichever way it goes. */
  readonly entries: readonly (Name & Entry)[];
}

export interface Entry {
  readonly state: Change;
  /** Tokens in each window. */
  readonly older: number;
  readonly newer: number;
  /** Tokens more than the older window's rate gives for the length of the newer one. */
  readonly change: number;
  /** The newer rate by the older one; null for what is new. */
  readonly factor: number | null;
}
