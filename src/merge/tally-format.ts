import type { Incomplete, Input } from '../source/input.ts';
import type { InputSummary, Notice } from '../summarize/summary.ts';
import type { UserIdType } from '../verify/identity.ts';
import type { Verdict } from '../verify/verdict.ts';

export const TALLY_SCHEMA = 'authlog.tally/1' as const;

/** What a key is called in a report. */
export interface TallyKey {
  readonly id: string;
  readonly kty: string;
  readonly algs: readonly string[];
}

/** First line of a tally: by which rules its tokens were judged. Two tallies add up where these agree. */
export interface TallyHead {
  readonly schema: typeof TALLY_SCHEMA;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly clock: 'use' | 'now';
  readonly tz: string;
  /** Everything else that a verdict depends on, in words that need only be equal. */
  readonly policy: string;
  /** Null: `--no-verify`. */
  readonly keys: readonly TallyKey[] | null;
  readonly searched: string;
}

/** `user` lines number identities from 0 on, in the order in which they come. */
export type TallyUser = readonly [
  type: UserIdType,
  id: string | number | null,
  email: string | null,
  roles: readonly string[],
];

/** Uses of one token: of an identity (-1 for none), with a verdict, by its fingerprint. Times in milliseconds. */
export type TallyGroup = readonly [
  identity: number,
  verdict: Verdict,
  fingerprint: string,
  expiry: number | null,
  key: number,
  uses: number,
  first: number | null,
  last: number | null,
];

/** Last line: without it the file is torn. */
export interface TallyFoot {
  readonly inputs: readonly (InputSummary & { readonly recorded: boolean })[];
  readonly files: readonly Pick<Input, 'path' | 'kind' | 'mode'>[];
  readonly lines: number;
  readonly lines_with_token: number;
  readonly lines_skipped: number;
  /** Counts of remarks on lines and tokens, by code. */
  readonly counted: Readonly<Record<string, number>>;
  /** Remarks on keys and inputs. */
  readonly notices: readonly Notice[];
  readonly incomplete: readonly Incomplete[];
}

export type TallyLine =
  | { readonly user: TallyUser }
  | { readonly group: TallyGroup }
  | { readonly end: TallyFoot };
