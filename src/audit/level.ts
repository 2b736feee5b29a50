/** How much a finding matters, the least first; the words are Sigma's. */
export const LEVELS = ['info', 'low', 'medium', 'high', 'critical'] as const;

export type Level = (typeof LEVELS)[number];

/** 0 for `info` to 4 for `critical`. */
export const rankOf = (level: Level): number => LEVELS.indexOf(level);

/** How many there are of each level. */
export const countLevels = (
  findings: readonly { readonly level: Level }[],
): Readonly<Record<Level, number>> => {
  const counts = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const { level } of findings) counts[level]++;
  return counts;
};

/** The one that matters more. */
export const higher = (a: Level, b: Level): Level => (rankOf(a) >= rankOf(b) ? a : b);
