const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Steps over the string whose opening quote is at `at`; returns the offset after its closing quote. */
const skipString = (json: Uint8Array, at: number): number => {
  let i = at + 1;
  while (json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1;
  return i + 1;
};

/** Number of members of the top-level object, repeated names counted each; `json` must be valid JSON. */
export const countMembers = (json: Uint8Array, length: number): number => {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < length;) {
    const c = json[i]!;
    if (c === QUOTE) {
      i = skipString(json, i);
      continue;
    }
    if (c === 0x3a) {
      if (depth === 1) members++;
    } else if (c === 0x7b || c === 0x5b) depth++;
    else if (c === 0x7d || c === 0x5d) depth--;
    i++;
  }
  return members;
};

/**
 * Source text of a number in the top-level object: what `JSON.parse` rounds, said exactly.
 * The last member of that name counts, as for `JSON.parse`. `json` must be valid JSON.
 */
export const memberText = (json: Uint8Array, length: number, name: string): string => {
  const text = new TextDecoder().decode(json.subarray(0, length));
  let depth = 0;
  let key = '';
  let found = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') {
      const end = endOfString(text, i);
      if (depth === 1) key = text.slice(i, end);
      i = end - 1;
    } else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
    else if (c === ':' && depth === 1 && JSON.parse(key) === name) {
      found = /^[\s:]*([-+.0-9eE]+)/.exec(text.slice(i, i + 512))?.[1] ?? found;
    }
  }
  return found;
};

const endOfString = (text: string, at: number): number => {
  let i = at + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
};
