import { formatCount } from '../report/count.ts';
import { VERDICTS } from '../verify/verdict.ts';
import type { VerdictCounts } from './tally.ts';

/** What a verdict means, in a few words. */
export const MEANINGS: Readonly<Record<(typeof VERDICTS)[number], string>> = {
  valid: 'good at the time of its use',
  expired: 'used after its end',
  not_yet_valid: 'used before its beginning',
  bad_signature: 'not made by a known key',
  alg_none: 'without a signature',
  alg_not_allowed: 'of an algorithm that its key does not allow',
  unknown_key: 'made by a key that is not known',
  wrong_issuer: 'of another issuer',
  wrong_audience: 'for another audience',
  malformed: 'no token at all',
  encrypted: 'encrypted, so not to be read',
  masked: 'its signature was taken out',
  oversized: 'too long to be judged',
  unverified: 'its signature was not checked',
};

/** `valid 12, expired 1`. */
export const verdictsText = (counts: VerdictCounts): string =>
  VERDICTS.filter((verdict) => (counts[verdict] ?? 0) > 0)
    .map((verdict) => `${verdict} ${formatCount(counts[verdict]!)}`)
    .join(', ');
