import type { Incomplete, Input } from '../source/input.ts';
import type { Policy } from '../verify/policy.ts';
import { numberNotices } from './notices.ts';
import { compareBy, type SortKey } from './order.ts';
import type { InputSummary, KeySummary, Notice, Summary, Verification } from './summary.ts';
import type { Tally } from './tally.ts';
import { rfc3339 } from './time.ts';

/** What a summary says beside the numbers. */
export interface SummaryContext {
  readonly policy: Pick<Policy, 'now' | 'clock'>;
  readonly zone: string;
  /** In the order in which the tally numbers them; null for `--no-verify`. */
  readonly keys: readonly Omit<KeySummary, 'tokens'>[] | null;
  readonly inputs: readonly Pick<Input, 'path' | 'mode'>[];
  /** `recorded`: it is a file of events. */
  readonly read: readonly (InputSummary & { readonly recorded: boolean })[];
  readonly incomplete: readonly Incomplete[];
  /** Remarks on keys and inputs. */
  readonly notices: readonly Notice[];
  readonly sort: SortKey;
  /** What was looked for, in words, for the notice that there was no token. */
  readonly searched: string;
}

/** The finished report of a tally; without its users where the tally keeps them apart. */
export const summarize = (tally: Tally, context: SummaryContext): Summary => {
  const { policy, zone, keys } = context;
  const listed = tally.apart === null ? tally.users.summaries(policy.now / 1000) : [];
  const users = [...listed].sort(compareBy(context.sort));
  return {
    schema: 'authlog.summary/1',
    now: rfc3339(policy.now)!,
    clock: policy.clock,
    tz: zone,
    verification: {
      ...verifiedBy(context),
      keys: (keys ?? []).map(({ id, kty, algs }, index) => ({
        id,
        kty,
        algs,
        tokens: tally.keyTokens[index]!,
      })),
    },
    inputs: context.read.map(({ path, bytes, lines }) => ({ path, bytes, lines })),
    totals: tally.totals(),
    users,
    unverified_users: tally.unverified.summaries(),
    expiry: tally.expiry.buckets(tally.people),
    expiry_dates: tally.expiry.dates(),
    findings: null,
    notices: [
      ...numberNotices(tally, plainInputs(context), keys !== null, context.searched),
      ...context.notices,
    ],
    incomplete: context.incomplete.length === 0 ? null : context.incomplete,
  };
};

/** Signatures count as checked where a recorder checked them; one plain log without a key is enough for `none`. */
const verifiedBy = ({ keys, read }: SummaryContext): Omit<Verification, 'keys'> => {
  const recorded = read.some((input) => input.recorded);
  const plain = !recorded || read.some((input) => !input.recorded && input.bytes > 0);
  if (plain && keys === null) return { mode: 'none', verified_by: null };
  if (!recorded) return { mode: 'verified', verified_by: 'key' };
  return { mode: 'verified', verified_by: plain ? 'both' : 'recorder' };
};

/** Inputs that may hold tokens: events tell of them and hold none. */
const plainInputs = ({ inputs, read }: SummaryContext): SummaryContext['inputs'] => {
  const recorded = new Set(read.filter((input) => input.recorded).map(({ path }) => path));
  return inputs.filter(({ path }) => !recorded.has(path));
};
