/** Names of top-level claims to leave out, or all of them. */
export type DroppedClaims = ReadonlySet<string> | 'all';

/**
 * The JSON object `text` without some members, all others as they are spelled, so that numbers keep
 * their digits; null where it is no object.
 */
export const withoutClaims = (text: string, dropped: DroppedClaims): string | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  if (dropped === 'all') return '{}';
  const kept = membersOf(text).filter(({ name }) => !dropped.has(name));
  return `{${kept.map(({ source }) => source).join(',')}}`;
};

interface Member {
  readonly name: string;
  readonly source: string;
}

/** The members of a valid JSON object, as they are spelled. */
const membersOf = (text: string): readonly Member[] => {
  const members: Member[] = [];
  let depth = 0;
  let start = 0;
  let colon = -1;
  const close = (end: number): void => {
    if (colon < 0) return;
    const name = JSON.parse(text.slice(start, colon)) as string;
    members.push({ name, source: text.slice(start, end).trim() });
    colon = -1;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') i = endOfString(text, i);
    else if (c === '{' || c === '[') {
      depth++;
      if (depth === 1) start = i + 1;
    } else if (c === '}' || c === ']') {
      if (depth === 1) close(i);
      depth--;
    } else if (depth === 1 && c === ':' && colon < 0) colon = i;
    else if (depth === 1 && c === ',') {
      close(i);
      start = i + 1;
    }
  }
  return members;
};

/** Index of the closing quote of the string that opens at `at`. */
const endOfString = (text: string, at: number): number => {
  let i = at + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
};
