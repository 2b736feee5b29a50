import { AuthlogError } from '../errors.ts';
import type { Summary } from '../summarize/summary.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';

/** Notices that may be named in `--fail-on` beside verdicts. */
const NOTICES: ReadonlySet<string> = new Set([
  'accepted_anyway',
  'duplicate_claim',
  'exp_looks_like_ms',
  'header_offers_key',
  'live_tokens',
  'no_expiry',
  'no_token',
  'weak_secret',
  'wrong_key',
]);

const isVerdict = (word: string): word is Verdict => VERDICTS.some((verdict) => verdict === word);

/** Throws `USAGE` for a word that can never occur. */
export const checkFailOn = (words: readonly string[]): void => {
  const unknown = words.find((word) => !isVerdict(word) && !NOTICES.has(word));
  if (unknown === undefined) return;
  throw new AuthlogError(
    'USAGE',
    `--fail-on does not know ${unknown}`,
    `Known are ${[...VERDICTS, ...NOTICES].join(', ')}.`,
  );
};

/** Whether one of the named verdicts or notices occurred. */
export const hasFailed = (summary: Summary, words: readonly string[]): boolean =>
  words.some((word) =>
    isVerdict(word)
      ? summary.totals.verdicts[word] > 0
      : summary.notices.some(({ code }) => code === word),
  );
