import { escapeJsonText } from '../event/escape-json.ts';

/** Indented as a member of a value `depth` levels deep; text inside strings holds no raw newline. */
export const pretty = (value: unknown, depth: number): string =>
  escapeJsonText(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${'  '.repeat(depth)}`);

const TOGETHER = 64;
const FRAME = JSON.stringify({ x: [0] }, null, 2).split('0') as [before: string, behind: string];

/** The first line of a list that is a member of the document; items stand behind it, each on lines of its own. */
export const listStart = (name: string): string => `  "${name}": [\n    `;
export const LIST_END = '\n  ],\n';
export const emptyList = (name: string): string => `  "${name}": [],\n`;

/** Items as they stand in such a list. */
export const listed = (x: readonly unknown[]): string => {
  // As members of an object, so that they come out as deep as they will stand.
  const text = JSON.stringify({ x }, null, 2);
  return escapeJsonText(text.slice(FRAME[0].length, -FRAME[1].length));
};

/** A member of the document that is a list, made some items at a time. */
export const list = function* <Item>(
  name: string,
  items: readonly Item[],
  record: (item: Item) => Item,
): Generator<string> {
  if (items.length === 0) {
    yield emptyList(name);
    return;
  }
  let before = listStart(name);
  for (let from = 0; from < items.length; from += TOGETHER) {
    yield before + listed(items.slice(from, from + TOGETHER).map((item) => record(item)));
    before = ',\n    ';
  }
  yield LIST_END;
};
