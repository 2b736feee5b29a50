const LONGEST = 200;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escapeOne = (character: string): string => {
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
};

/** A path, `kid` or other foreign name for a message: controls and bidi marks escaped, at most 200 characters. */
export const printable = (text: string): string => {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replaceAll(UNPRINTABLE, escapeOne);
};

/** The code of a system error (`ENOENT`), null where it has none; its message may quote anything. */
export const errorCode = (error: unknown): string | null => {
  const has = typeof error === 'object' && error !== null && 'code' in error;
  return has && typeof error.code === 'string' ? printable(error.code) : null;
};

/** The path where a shell takes it as it stands, else `FILE`: for commands that a hint proposes. */
export const pasteable = (path: string): string =>
  /^[\w./~][\w./~@+-]{0,199}$/.test(path) ? path : 'FILE';
