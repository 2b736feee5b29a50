import { userRefText, type UserRef } from './user-ref.ts';

/** The path of the page about a user, in the same window of time; null for the row of all others. */
export const userPath = (ref: UserRef, query: string): string | null =>
  ref.userIdType === 'other' ? null : `/users/${encodeURIComponent(userRefText(ref))}${query}`;
