import { resolveAuditSettings } from '../audit-settings.ts';
import type { AuditFlags } from '../define/audit-flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkFollow } from '../live/follow-flags.ts';
import { auditReportOf, printAudit } from '../print-audit.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { runRules } from '../run-rules.ts';
import { openSink } from '../write.ts';

/** `authlog audit`: runs the rules over the sources, prints what they found; 1 where `--fail-on` says so. */
export const runAudit = async (
  sources: readonly string[],
  flags: AuditFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  checkFollow(sources, flags);
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  const settings = await resolveAuditSettings(flags, options, host);
  if (flags.follow === true) {
    const { followAudit } = await import('../live/follow-audit.ts');
    return await followAudit(sources, flags, host, { options, notices }, settings);
  }
  const sink = await openSink(flags.output, host.stdout);
  const progress = startProgress(host, options.inputs, flags.progress && flags.quiet !== true);
  const disarm = onInterrupt(options.inputs, () => '; nothing was written');
  try {
    const result = await runRules(options, settings, progress.onProgress);
    progress.stop();
    return await printAudit(
      auditReportOf(options, result, settings, { incomplete, notices }),
      flags,
      host,
      sink,
    );
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};
