import { Buffer } from 'node:buffer';
import { decodings } from './decodings.ts';
import { EXACT, PHRASES } from './phrases.ts';

/** Letters and digits of a text, by which its spellings are the same. */
const lettersOf = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const asMap = (names: readonly string[], from: number): readonly (readonly [string, number])[] =>
  names.map((name, i) => [name, from + i + 1] as const).filter(([name]) => name !== '');

/** Place in the list, from 1, by letters. In reverse, since a Map keeps the last of two and the first is the likelier. */
const RANKS: ReadonlyMap<string, number> = new Map(
  [
    ...asMap(PHRASES.map(lettersOf), 0),
    ...asMap(EXACT.map(lettersOf), PHRASES.length),
  ].toReversed(),
);

const EXACT_RANKS: ReadonlyMap<string, number> = new Map(asMap(EXACT, PHRASES.length));

/**
 * Place, from 1, that a secret has in our list of those that documentation teaches, null where it is not there.
 * Its spelling does not matter, nor up to four digits at its end, nor whether it is the text or what that decodes to.
 */
export const knownRank = (secret: Uint8Array): number | null => {
  const rank = rankByLetters(secret);
  if (rank !== null) return rank;
  for (const text of encodings(secret)) {
    const found = EXACT_RANKS.get(text);
    if (found !== undefined) return found;
  }
  for (const { bytes } of decodings(secret)) {
    const found = rankByLetters(bytes);
    if (found !== null) return found;
  }
  return null;
};

const rankByLetters = (bytes: Uint8Array): number | null => {
  const letters = lettersOf(Buffer.from(bytes).toString('latin1'));
  // The few letters among random bytes could make up a word.
  if (2 * letters.length < bytes.length) return null;
  return RANKS.get(letters) ?? RANKS.get(letters.replace(/\d{1,4}$/, '')) ?? null;
};

/** Texts that decode to the bytes (RFC 4648 sections 4, 5 and 8). */
export const encodings = (bytes: Uint8Array): readonly string[] => {
  const { buffer, byteOffset, byteLength } = bytes;
  const all = Buffer.from(buffer, byteOffset, byteLength);
  const padded = all.toString('base64');
  const hex = all.toString('hex');
  const bare = padded.replace(/=+$/, '');
  const url = all.toString('base64url');
  const padding = padded.slice(bare.length);
  return [...new Set([padded, bare, url, url + padding, hex, hex.toUpperCase()])];
};

/** What people put behind a secret to make it look like one of their own. */
const ENDINGS = ['', '1', '12', '123', '1234', '12345', '123456', '!', '123!', '@123'] as const;

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The ways in which people write the words of a phrase as a secret. */
const spellings = (phrase: string): ReadonlySet<string> => {
  const words = phrase.split(' ');
  const capitals = words.map(capital);
  const camel = [words[0]!, ...capitals.slice(1)].join('');
  const plain = ['', '-', '_', ' ', '.'].flatMap((between) => [
    words.join(between),
    words.join(between).toUpperCase(),
    capitals.join(between),
    capital(words.join(between)),
  ]);
  return new Set([camel, ...plain]);
};

/**
 * Guesses of our own list, one a line, and the place in the list that each comes from. A guess may come twice, of which
 * the first counts: to try it costs less than to tell.
 */
export const knownGuesses = (): { readonly lines: Uint8Array; readonly ranks: Uint16Array } => {
  const ranks: number[] = [];
  const lines: string[] = [];
  for (const [i, phrase] of PHRASES.entries()) {
    for (const text of spellings(phrase)) {
      // One text of many lines: to make a text of each takes several times as long.
      lines.push(text + ENDINGS.join(`\n${text}`));
      for (let ending = 0; ending < ENDINGS.length; ending++) ranks.push(i + 1);
    }
  }
  for (const [i, text] of EXACT.entries()) {
    lines.push(text);
    ranks.push(PHRASES.length + i + 1);
  }
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return { lines: Uint8Array.from(bytes), ranks: Uint16Array.from(ranks) };
};
