import type {
  ExpiryBucket,
  ExpiryDate,
  InputSummary,
  KeySummary,
  Notice,
  Summary,
  Totals,
  UnverifiedUser,
  UserSummary,
} from '../summarize/summary.ts';
import type { Incomplete } from '../source/input.ts';
import { nonZeroCounts, VERDICTS, type VerdictCounts } from '../verify/verdict.ts';

// Each record is rebuilt: the order of its keys is part of the contract, and nothing else gets out.

const nonZero = (verdicts: VerdictCounts, tokens: number): VerdictCounts =>
  nonZeroCounts((index) => verdicts[VERDICTS[index]!] ?? 0, tokens);

const everyVerdict = (verdicts: Totals['verdicts']): Totals['verdicts'] => ({
  valid: verdicts.valid,
  expired: verdicts.expired,
  not_yet_valid: verdicts.not_yet_valid,
  bad_signature: verdicts.bad_signature,
  alg_none: verdicts.alg_none,
  alg_not_allowed: verdicts.alg_not_allowed,
  unknown_key: verdicts.unknown_key,
  wrong_issuer: verdicts.wrong_issuer,
  wrong_audience: verdicts.wrong_audience,
  malformed: verdicts.malformed,
  encrypted: verdicts.encrypted,
  masked: verdicts.masked,
  oversized: verdicts.oversized,
  unverified: verdicts.unverified,
});

const keyRecord = (key: KeySummary): KeySummary => ({
  id: key.id,
  kty: key.kty,
  algs: key.algs,
  tokens: key.tokens,
});

const inputRecord = (input: InputSummary): InputSummary => ({
  path: input.path,
  bytes: input.bytes,
  lines: input.lines,
});

const incompleteRecord = (input: Incomplete): Incomplete => ({
  path: input.path,
  reason: input.reason,
  detail: input.detail,
});

/** What a summary says before its lists. */
export type SummaryHead = Pick<
  Summary,
  'schema' | 'now' | 'clock' | 'tz' | 'verification' | 'inputs' | 'totals'
>;

export const headRecord = (summary: Summary): SummaryHead => ({
  schema: summary.schema,
  now: summary.now,
  clock: summary.clock,
  tz: summary.tz,
  verification: {
    mode: summary.verification.mode,
    verified_by: summary.verification.verified_by,
    keys: summary.verification.keys.map(keyRecord),
  },
  inputs: summary.inputs.map(inputRecord),
  totals: {
    lines: summary.totals.lines,
    lines_with_token: summary.totals.lines_with_token,
    lines_without_token: summary.totals.lines_without_token,
    lines_skipped: summary.totals.lines_skipped,
    tokens: summary.totals.tokens,
    distinct_tokens: summary.totals.distinct_tokens,
    verdicts: everyVerdict(summary.totals.verdicts),
  },
});

export const incompleteRecords = (summary: Summary): readonly Incomplete[] | null =>
  summary.incomplete?.map(incompleteRecord) ?? null;

export const userRecord = (user: UserSummary): UserSummary => ({
  user_id: user.user_id,
  user_id_type: user.user_id_type,
  email: user.email,
  roles: user.roles,
  tokens: user.tokens,
  distinct_tokens: user.distinct_tokens,
  verdicts: nonZero(user.verdicts, user.tokens),
  first_seen: user.first_seen,
  last_seen: user.last_seen,
  latest_expiry: user.latest_expiry,
  expiry_state: user.expiry_state,
});

export const unverifiedUserRecord = (user: UnverifiedUser): UnverifiedUser => ({
  user_id: user.user_id,
  user_id_type: user.user_id_type,
  tokens: user.tokens,
  verdicts: nonZero(user.verdicts, user.tokens),
});

export const expiryRecord = (bucket: ExpiryBucket): ExpiryBucket => ({
  bucket: bucket.bucket,
  tokens: bucket.tokens,
  distinct_tokens: bucket.distinct_tokens,
  users: bucket.users,
  earliest: bucket.earliest,
  latest: bucket.latest,
});

export const expiryDateRecord = (day: ExpiryDate): ExpiryDate => ({
  date: day.date,
  tokens: day.tokens,
  distinct_tokens: day.distinct_tokens,
  users: day.users,
});

export const noticeRecord = (notice: Notice): Notice => ({
  code: notice.code,
  message: notice.message,
  count: notice.count,
});
