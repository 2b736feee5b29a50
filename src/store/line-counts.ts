import type { LineCounts } from './store.ts';

/** The sum of two counts; null for none. */
export const addCounts = (a: LineCounts | null, b: LineCounts | null): LineCounts | null => {
  if (a === null || b === null) return a ?? b;
  const notices = new Map(Object.entries(a.notices));
  for (const [code, count] of Object.entries(b.notices)) {
    notices.set(code, (notices.get(code) ?? 0) + count);
  }
  return {
    lines: a.lines + b.lines,
    linesWithToken: a.linesWithToken + b.linesWithToken,
    linesSkipped: a.linesSkipped + b.linesSkipped,
    notices: Object.fromEntries(notices),
  };
};
