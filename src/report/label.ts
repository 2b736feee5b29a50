import type { UserSummary } from '../summarize/summary.ts';
import { formatCount } from './count.ts';
import { escapeText } from './escape.ts';

/** RFC 8259 section 6: a string of this form would look like a number. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Placeholders start with `(`, quoted labels with `"`; outer spaces could not be seen. */
const MISLEADING = /^[("\s]|\s$/;

const quote = (text: string): string => `"${escapeText(text).replaceAll('"', String.raw`\"`)}"`;

/** One line for a user: number 1 is `1`, string "1" is `"1"`, and no string can look like a placeholder. */
export const userLabel = (user: Pick<UserSummary, 'user_id' | 'user_id_type'>): string => {
  const id = user.user_id;
  switch (user.user_id_type) {
    case 'none':
      return '(none)';
    case 'non_string':
      return '(non-string)';
    case 'other':
      if (typeof id !== 'number') return '(other users)';
      return id === 1 ? '(1 other user)' : `(${formatCount(id)} other users)`;
    case 'number':
      return escapeText(String(id));
    default: {
      const text = String(id);
      if (text === '') return '(empty)';
      return NUMBER.test(text) || MISLEADING.test(text) ? quote(text) : escapeText(text);
    }
  }
};

/** `-` where no token had an e-mail; quoted where the text would be misread. */
export const emailLabel = (email: string | null): string => {
  if (email === null) return '-';
  if (email === '') return '(empty)';
  return email === '-' || MISLEADING.test(email) ? quote(email) : escapeText(email);
};
