import type { Finding } from '../audit/finding.ts';
import { RULES } from '../audit/rules/index.ts';
import { AuthlogError } from '../errors.ts';
import type { PageExtras } from '../report/html/extras.ts';
import { ActivityTally } from '../summarize/activity.ts';
import type { Host } from './host.ts';
import { packageVersion } from './package-version.ts';

/** A page would run through a terminal as thousands of lines of markup; a pipe may have it. */
export const refuseTerminal = (output: string | undefined, host: Host): void => {
  if (output !== undefined || host.stdout.isTTY !== true) return;
  throw new AuthlogError(
    'USAGE',
    'HTML is for a browser, not for a terminal',
    'Write it to a file: -o report.html',
  );
};

/** Bytes of text up to which a page has findings: who asks for one can wait a little longer than for a table. */
export const MOST_AUDITED: number = 32 << 20;

export const countActivity = (): ActivityTally => new ActivityTally();

/** What a page shows beside what was asked for. */
export const pageOf = (
  activity: ActivityTally | null,
  findings: readonly Finding[] | null,
  tz: string,
): PageExtras => ({
  activity: activity?.result() ?? null,
  findings,
  rules: RULES,
  version: packageVersion(),
  tz,
});
