import { LONGEST_PATH } from './target.ts';
import { userRefText, type UserRef } from './user-ref.ts';

/**
 * The path of the page about a user, in the same window of time; null for the row of all others, and for an id that no
 * path has room for.
 */
export const userPath = (ref: UserRef, query: string): string | null => {
  if (ref.userIdType === 'other') return null;
  const path = `/users/${encodeURIComponent(userRefText(ref))}`;
  return path.length > LONGEST_PATH ? null : path + query;
};
