/** How much a finding matters, the least first; the words are Sigma's. */
export const LEVELS = ['info', 'low', 'medium', 'high', 'critical'] as const;

export type Level = (typeof LEVELS)[number];

/** 0 for `info` to 4 for `critical`. */
export const rankOf = (level: Level): number => LEVELS.indexOf(level);

/** The one that matters more. */
export const higher = (a: Level, b: Level): Level => (rankOf(a) >= rankOf(b) ? a : b);
