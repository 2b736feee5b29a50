/** The window of time that a page's address names, as it is written there. */
export interface Bounds {
  readonly since: string;
  readonly until: string;
}

/** What can be chosen at once: the words, and `since` as the server takes it. */
export const RANGES: readonly (readonly [name: string, since: string])[] = [
  ['All', ''],
  ['Last hour', '1h'],
  ['Last day', '24h'],
  ['Last 7 days', '7d'],
  ['Last 30 days', '30d'],
];

export const boundsOf = (search: string): Bounds => {
  const query = new URLSearchParams(search);
  return { since: query.get('since') ?? '', until: query.get('until') ?? '' };
};

/** A path with a window, and whatever else it is asked for; what is empty is left out. */
export const placeOf = (
  path: string,
  { since, until }: Bounds,
  more: Readonly<Record<string, string>> = {},
): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...more, since, until })) {
    if (value !== '') query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
};
