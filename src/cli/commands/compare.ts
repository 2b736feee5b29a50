import type { Comparison } from '../../compare/comparison.ts';
import { compare } from '../../comparison.ts';
import { AuthlogError } from '../../errors.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import { rfc3339 } from '../../summarize/time.ts';
import type { CompareFlags } from '../define/compare.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { lookOf, themeFor } from '../look.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { secondsOf } from '../values.ts';
import { openReport } from '../pager.ts';

const TOP_OF_TABLE = 20;
const NEWER_WINDOW = '7d';

/** `authlog compare`: reads the sources once, prints what differs; the exit code says whether all was read. */
export const runCompare = async (
  sources: readonly string[],
  flags: CompareFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  const bounds = { since: flags.since ?? NEWER_WINDOW, until: flags.until ?? 'now' };
  const resolved = await resolveRead(sources, { ...flags, ...bounds }, host, isTyped);
  const { options, incomplete, notices } = resolved;
  const [since, until] = [options.since!, options.until!];
  const before = flags.with === undefined ? until - since : (await secondsOf(flags.with)) * 1000;
  if (!(before > 0) || rfc3339(since - before) === null) {
    throw new AuthlogError(
      'USAGE',
      '--with is no length of a window',
      'Give one such as 24h or 7d.',
    );
  }
  const sink = await openReport(flags, flags.json !== true, host);
  const shown = flags.progress && flags.quiet !== true;
  const progress = startProgress(host, options.inputs, shown);
  const disarm = onInterrupt(options.inputs, () => '; nothing was written');
  try {
    const comparison = await compare({
      ...options,
      since,
      until,
      before,
      top: flags.top ?? (flags.json === true ? 0 : TOP_OF_TABLE),
      threshold: { growth: flags.growth, least: flags.least },
      incomplete,
      notices,
      onProgress: progress.onProgress,
    });
    progress.stop();
    for (const chunk of await render(comparison, flags, host)) await sink.write(chunk);
    await sink.close();
    await remark(comparison, flags, host);
    return comparison.incomplete === null ? 0 : 3;
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};

const render = async (
  comparison: Comparison,
  flags: CompareFlags,
  host: Host,
): Promise<Iterable<string>> => {
  if (flags.json === true) {
    const { comparisonJson } = await import('../../report/comparison-json.ts');
    return comparisonJson(comparison);
  }
  const { comparisonTable } = await import('../../report/comparison.ts');
  return comparisonTable(comparison, {
    ...(await lookOf(host, flags)),
  });
};

/** What a report for programs can't say in words goes to standard error. */
const remark = async (
  { incomplete, notices }: Comparison,
  flags: CompareFlags,
  host: Host,
): Promise<void> => {
  if (flags.quiet === true) return;
  const theme = await themeFor(host, host.stderr, flags.color);
  const messages = (incomplete ?? []).map(incompleteText);
  if (flags.json === true) messages.push(...notices.map(({ message }) => message));
  for (const message of messages) host.stderr.write(renderError(message, null, theme));
};
