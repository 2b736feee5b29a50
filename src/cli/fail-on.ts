import { suggestion } from '../config/nearest.ts';
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

/** All that `--fail-on` knows. */
export const FAIL_ON: readonly string[] = [...VERDICTS, ...NOTICES];

const isVerdict = (word: string): word is Verdict => VERDICTS.some((verdict) => verdict === word);

/** Throws `USAGE` for a word that can never occur. */
export const checkFailOn = (words: readonly string[]): void => {
  const unknown = words.find((word) => !isVerdict(word) && !NOTICES.has(word));
  if (unknown === undefined) return;
  throw new AuthlogError(
    'USAGE',
    `--fail-on does not know ${unknown}`,
    suggestion(unknown, FAIL_ON),
  );
};

/** Those of the named verdicts and notices that occurred, as `12 bad_signature`. */
export const failuresIn = (summary: Summary, words: readonly string[]): readonly string[] =>
  words.flatMap((word) => {
    const count = isVerdict(word)
      ? summary.totals.verdicts[word]
      : (summary.notices.find(({ code }) => code === word)?.count ?? 0);
    return count > 0 ? [`${count} ${word}`] : [];
  });
