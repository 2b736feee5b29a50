import type { Finding } from '../../audit/finding.ts';
import type { Use } from '../../audit/use.ts';
import type { Totals } from '../../summarize/summary.ts';
import type { Identity } from '../../verify/identity.ts';

/** What fills the middle of the screen: all of it a little, or one thing alone. */
export const PANELS = ['all', 'rejections', 'expiring', 'findings'] as const;
export type Panel = (typeof PANELS)[number];

/** Everything that a screen shows. Times in milliseconds since the epoch. */
export interface LiveView {
  readonly command: 'analyze' | 'audit';
  /** Sources by name. */
  readonly sources: readonly string[];
  readonly now: number;
  /** Milliseconds since the start. */
  readonly running: number;
  /** Bytes that were read before the first round was done, null afterwards. */
  readonly catchingUp: number | null;
  readonly isPaused: boolean;
  readonly isVerified: boolean;
  readonly totals: Totals;
  readonly users: number;
  /** A second, over the last few; those of verdicts in the order of `VERDICTS`. */
  readonly rates: {
    readonly lines: number;
    readonly tokens: number;
    readonly verdicts: readonly number[];
  };
  /** The newest last. */
  readonly rejections: readonly Use[];
  /** Tokens that expire within an hour, and the users of the first. */
  readonly expiring: {
    readonly count: number;
    readonly first: readonly { readonly identity: Identity; readonly expiry: number }[];
  };
  /** Null where no rules are at work. */
  readonly findings: readonly Finding[] | null;
  /** What keeps numbers from being complete. */
  readonly remarks: readonly string[];
  readonly panel: Panel;
  readonly isHelping: boolean;
}
