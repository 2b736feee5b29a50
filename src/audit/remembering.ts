const MOST_REMEMBERED = 50_000;

/** Remembers what `find` says of so many texts; then starts over. */
export const remembering = <T extends string | boolean | object | null>(
  find: (text: string) => T,
): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    let found = known.get(text);
    if (found === undefined) {
      found = find(text);
      if (known.size === MOST_REMEMBERED) known.clear();
      known.set(text, found);
    }
    return found;
  };
};
