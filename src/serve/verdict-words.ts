import { formatCount } from '../report/count.ts';
import { VERDICTS } from '../verify/verdict.ts';
import type { VerdictCounts } from './tally.ts';

/** `valid 12, expired 1`. */
export const verdictsText = (counts: VerdictCounts): string =>
  VERDICTS.filter((verdict) => (counts[verdict] ?? 0) > 0)
    .map((verdict) => `${verdict} ${formatCount(counts[verdict]!)}`)
    .join(', ');
