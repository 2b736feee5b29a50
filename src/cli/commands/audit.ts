import { setFlagsFromString } from 'node:v8';
import { keepMemoryToTheEnd } from '../../kernel/module.ts';
import { auditReportOf } from '../audit-report.ts';
import { resolveAuditSettings } from '../audit-settings.ts';
import type { AuditFlags } from '../define/audit-flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkFollow } from '../live/follow-flags.ts';
import { countActivity, pageOf, refuseTerminal } from '../page.ts';
import { openReport } from '../pager.ts';
import { formatOf, printAudit } from '../print-audit.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { runRules } from '../run-rules.ts';

const PAGED: ReadonlySet<string> = new Set(['table', 'markdown']);

/** `authlog audit`: runs the rules over the sources, prints what they found; 1 where `--fail-on` says so. */
export const runAudit = async (
  sources: readonly string[],
  flags: AuditFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  checkFollow(sources, flags);
  // Nearly all that an audit makes is rubbish a moment later: a quarter less memory, at no cost that shows.
  setFlagsFromString('--heap-growing-percent=150');
  const format = formatOf(flags);
  const isPage = format === 'html';
  if (isPage) refuseTerminal(flags.output, host);
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  const settings = await resolveAuditSettings(flags, options, host);
  if (flags.follow === true) {
    const { followAudit } = await import('../live/follow-audit.ts');
    return await followAudit(sources, flags, host, { options, notices }, settings);
  }
  keepMemoryToTheEnd();
  const sink = await openReport(flags, PAGED.has(format), host);
  const progress = startProgress(host, options.inputs, flags.progress && flags.quiet !== true);
  const disarm = onInterrupt(options.inputs, () => '; nothing was written');
  try {
    const activity = isPage ? countActivity() : null;
    const result = await runRules(options, settings, progress.onProgress, activity);
    const report = auditReportOf(options, result, settings, { incomplete, notices });
    progress.stop();
    const page = activity === null ? undefined : pageOf(activity, null, flags.tz);
    return await printAudit(report, flags, host, sink, page);
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};
