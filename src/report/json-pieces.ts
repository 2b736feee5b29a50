import { escapeJsonText } from '../event/escape-json.ts';

/** Indented as a member of a value `depth` levels deep; text inside strings holds no raw newline. */
export const pretty = (value: unknown, depth: number): string =>
  escapeJsonText(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${'  '.repeat(depth)}`);

const TOGETHER = 64;
const FRAME = JSON.stringify({ x: [0] }, null, 2).split('0') as [before: string, behind: string];

/** A member of the document that is a list, made some items at a time. */
export const list = function* <Item>(
  name: string,
  items: readonly Item[],
  record: (item: Item) => Item,
): Generator<string> {
  if (items.length === 0) {
    yield `  "${name}": [],\n`;
    return;
  }
  let before = `  "${name}": [\n    `;
  for (let from = 0; from < items.length; from += TOGETHER) {
    // As members of an object, so that they come out as deep as they will stand.
    const x = items.slice(from, from + TOGETHER).map((item) => record(item));
    const text = JSON.stringify({ x }, null, 2);
    yield before + escapeJsonText(text.slice(FRAME[0].length, -FRAME[1].length));
    before = ',\n    ';
  }
  yield '\n  ],\n';
};
