// The planted attacks as `truth.json` has them: places instead of requests.
const placesOf = (items) =>
  items
    .filter(({ place }) => place !== undefined)
    .map(({ place }) => place)
    .toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));

/** Evidence that a finding has room for. */
const MOST_EVIDENCE = 10;

export const truthOf = (plants) =>
  plants.map(({ rule, level, subject, lines, need, context, also, isShared }) => {
    const places = placesOf(lines);
    return {
      rule,
      level,
      subject,
      lines: places,
      need: need ?? Math.min(places.length, MOST_EVIDENCE),
      context: placesOf(context),
      also,
      shared: isShared,
    };
  });
