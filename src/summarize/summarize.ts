import type { KeyRing } from '../keys/key.ts';
import type { Incomplete, Input } from '../source/input.ts';
import type { Policy } from '../verify/policy.ts';
import { numberNotices } from './notices.ts';
import { sortUsers, type SortKey } from './order.ts';
import type { InputSummary, Notice, Summary } from './summary.ts';
import type { Tally } from './tally.ts';
import { rfc3339 } from './time.ts';

/** What a summary says beside the numbers. */
export interface SummaryContext {
  readonly policy: Policy;
  readonly zone: string;
  readonly ring: KeyRing | null;
  readonly inputs: readonly Input[];
  readonly read: readonly InputSummary[];
  readonly incomplete: readonly Incomplete[];
  /** Remarks on keys and inputs. */
  readonly notices: readonly Notice[];
  readonly sort: SortKey;
  /** What was looked for, in words, for the notice that there was no token. */
  readonly searched: string;
}

/** The finished report of a tally. */
export const summarize = (tally: Tally, context: SummaryContext): Summary => {
  const { policy, zone, ring } = context;
  const users = sortUsers([...tally.users.summaries(policy.now / 1000)], context.sort);
  return {
    schema: 'authlog.summary/1',
    now: rfc3339(policy.now)!,
    clock: policy.clock,
    tz: zone,
    verification: {
      mode: ring === null ? 'none' : 'verified',
      keys: (ring?.keys ?? []).map(({ id, kty, algs }, index) => ({
        id,
        kty,
        algs,
        tokens: tally.keyTokens[index]!,
      })),
    },
    inputs: context.read,
    totals: tally.totals(),
    users,
    unverified_users: tally.unverified.summaries(),
    expiry: tally.expiry.buckets(tally.users),
    expiry_dates: tally.expiry.dates(),
    notices: [
      ...numberNotices(tally, context.inputs, ring !== null, context.searched),
      ...context.notices,
    ],
    incomplete: context.incomplete.length === 0 ? null : context.incomplete,
  };
};
