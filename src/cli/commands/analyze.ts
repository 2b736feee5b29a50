import { analyze, analyzeApart, type AnalyzeOptions } from '../../analyze.ts';
import { keepMemoryToTheEnd } from '../../kernel/module.ts';
import { checkFailOn } from '../fail-on.ts';
import type { AnalyzeFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { isForPeople, printSummary, wantsUsersApart } from '../print-summary.ts';
import { checkFollow } from '../live/follow-flags.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { ShortInput, withFindings } from '../small-audit.ts';
import { openReport } from '../pager.ts';

/** `authlog analyze`: reads logs, prints the summary; the exit code says whether all was read. */
export const runAnalyze = async (
  sources: readonly string[],
  flags: AnalyzeFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  checkFailOn(flags.failOn ?? []);
  checkFollow(sources, flags);
  // Loads what a page is made of only for one.
  const isPage = flags.format === 'html' && flags.json !== true;
  const pages = isPage ? await import('../page.ts') : null;
  pages?.refuseTerminal(flags.output, host);
  const activity = pages?.countActivity() ?? null;
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  if (flags.follow === true) {
    const { followAnalyze } = await import('../live/follow-analyze.ts');
    return await followAnalyze(sources, flags, host, { options, notices });
  }
  keepMemoryToTheEnd();
  // Opened first: an hour of reading is not to end in "permission denied".
  const sink = await openReport(flags, isForPeople(flags), host);
  const progress = startProgress(host, options.inputs, flags.progress && flags.quiet !== true);
  let bytes = 0;
  const disarm = onInterrupt(
    options.inputs,
    () => `after ${Math.floor(bytes / 2 ** 20)} MiB; nothing was written`,
  );
  try {
    const all: AnalyzeOptions = {
      ...options,
      maxUsers: flags.maxUsers,
      sort: flags.sort,
      notices,
      incomplete,
      activity,
      onProgress: (more) => {
        bytes += more;
        progress.onProgress?.(more);
      },
    };
    if (flags.format === 'tally' && flags.json !== true) {
      const { printTally } = await import('../print-tally.ts');
      return await printTally(all, flags, host, sink);
    }
    const stdin =
      flags.findings && options.inputs.some(({ kind }) => kind === 'stdin')
        ? new ShortInput(options.stdin)
        : null;
    const stream = stdin?.stream ?? options.stdin;
    const read = { ...all, stdin: stream };
    const { summary: plain, users } = wantsUsersApart(flags)
      ? await analyzeApart(read)
      : { summary: await analyze(read), users: null };
    const { summary, findings } = flags.findings
      ? await withFindings(plain, options, stdin, host, flags.config, pages?.MOST_AUDITED)
      : { summary: plain, findings: null };
    progress.stop();
    const page = pages?.pageOf(activity, findings, flags.tz);
    return await printSummary(summary, flags, host, sink, { page, users });
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};
