import type { UserSummary } from './summary.ts';

/** Keys of `--sort`. */
export const SORT_KEYS = [
  'tokens',
  'user',
  'valid',
  'expired',
  'rejected',
  'first-seen',
  'last-seen',
  'expiry',
] as const;

export type SortKey = (typeof SORT_KEYS)[number];

/** By UTF-16 code units: the same on every machine, whatever its language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Compare = (a: UserSummary, b: UserSummary) => number;

const ID_TYPES = ['string', 'number', 'none', 'non_string', 'other'];

const byType: Compare = (a, b) =>
  ID_TYPES.indexOf(a.user_id_type) - ID_TYPES.indexOf(b.user_id_type);

const byUser: Compare = (a, b) =>
  (a.user_id_type === b.user_id_type ? 0 : byType(a, b)) ||
  (typeof a.user_id === 'number' && typeof b.user_id === 'number'
    ? a.user_id - b.user_id
    : byText(String(a.user_id), String(b.user_id)));

const latestFirst = (a: string | null, b: string | null): number => byText(b ?? '', a ?? '');

/** Tokens of a user that verified and were refused all the same, other than for being expired. */
export const rejectedOf = (user: UserSummary): number =>
  user.tokens - (user.verdicts.valid ?? 0) - (user.verdicts.expired ?? 0);

const expiryRank = (user: UserSummary): string =>
  user.expiry_state === 'never' ? '~' : (user.latest_expiry ?? '');

const COMPARE: Readonly<Record<SortKey, Compare>> = {
  tokens: (a, b) => b.tokens - a.tokens,
  user: byUser,
  valid: (a, b) => (b.verdicts.valid ?? 0) - (a.verdicts.valid ?? 0),
  expired: (a, b) => (b.verdicts.expired ?? 0) - (a.verdicts.expired ?? 0),
  rejected: (a, b) => rejectedOf(b) - rejectedOf(a),
  'first-seen': (a, b) => byText(a.first_seen ?? '~', b.first_seen ?? '~'),
  'last-seen': (a, b) => latestFirst(a.last_seen, b.last_seen),
  expiry: (a, b) => byText(expiryRank(b), expiryRank(a)),
};

/** The order by `key`, equal users by their id, so that it never depends on the order of the log. */
export const compareBy = (key: SortKey): Compare => {
  const compare = COMPARE[key];
  return (a, b) => compare(a, b) || byUser(a, b);
};
