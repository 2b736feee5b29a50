import type { Finding } from '../../audit/finding.ts';
import type { Activity } from '../../summarize/activity.ts';
import type { RuleTexts } from '../audit/reporter.ts';

/** What a page shows that the summary, or the findings, do not hold. */
export interface PageExtras {
  /** Verdicts over time; null where only sums are known. */
  readonly activity: Activity | null;
  /** Null where the rules did not run. */
  readonly findings: readonly Finding[] | null;
  /** The rules that could have run. */
  readonly rules: readonly RuleTexts[];
  /** Version of the program. */
  readonly version: string;
  /** IANA zone of the report; of a summary it is the summary's own. */
  readonly tz: string;
}
