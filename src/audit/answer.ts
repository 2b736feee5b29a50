import type { Use } from './use.ts';

/** HTTP 4xx, or a recorder's word that access was denied. Neither this nor accepted: nobody knows what came of it. */
export const isRefused = ({ status, event }: Use): boolean =>
  (status >= 400 && status < 500) || (status === 0 && event === 'access_denied');

/** What came of a use, as the end of a sentence about it: `was answered with 401`. */
export const answerOf = ({ status, event }: Use): string =>
  status === 0 ? (WORDS.get(event) ?? 'was used') : `was answered with ${status}`;

const WORDS: ReadonlyMap<string | null, string> = new Map([
  ['access_allowed', 'was let in'],
  ['access_denied', 'was refused'],
]);
