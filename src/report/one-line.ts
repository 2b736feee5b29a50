/** A pretty JSON document, in pieces that each end where a line does, as one line: strings hold no line break. */
export const onOneLine = function* (chunks: Iterable<string>): Generator<string> {
  let rest = '';
  for (const chunk of chunks) {
    const text = rest + chunk;
    // Blanks at the end of a piece may be the start of the next line's.
    const end = text.search(/\n *$/);
    rest = end < 0 ? '' : text.slice(end);
    yield (end < 0 ? text : text.slice(0, end)).replaceAll(/\n */g, '');
  }
  yield '\n';
};
