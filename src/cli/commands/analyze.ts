import { analyze } from '../../analyze.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import type { Format } from '../../report/reporter.ts';
import { reporters } from '../../report/reporters.ts';
import type { Summary } from '../../summarize/summary.ts';
import { checkFailOn, hasFailed } from '../fail-on.ts';
import type { AnalyzeFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { themeFor, widthOf } from '../look.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { fileSink, streamSink } from '../write.ts';

const TOP_OF_TABLE = 20;

/** `authlog analyze`: reads logs, prints the summary; the exit code says whether all was read. */
export const runAnalyze = async (
  sources: readonly string[],
  flags: AnalyzeFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  checkFailOn(flags.failOn ?? []);
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  // Opened first: an hour of reading is not to end in "permission denied".
  const sink =
    flags.output === undefined
      ? streamSink(host.stdout, 'standard output')
      : await fileSink(flags.output);
  const progress = startProgress(host, options.inputs, flags.progress && flags.quiet !== true);
  let bytes = 0;
  const disarm = onInterrupt(() => `after ${Math.floor(bytes / 2 ** 20)} MiB; nothing was written`);
  try {
    const summary = await analyze({
      ...options,
      maxUsers: flags.maxUsers,
      sort: flags.sort,
      notices,
      incomplete,
      onProgress: (more) => {
        bytes += more;
        progress.onProgress?.(more);
      },
    });
    progress.stop();
    for (const chunk of render(summary, flags, host)) await sink.write(chunk);
    await sink.close();
    remark(summary, flags, host);
    if (summary.incomplete !== null) return 3;
    return hasFailed(summary, flags.failOn ?? []) ? 1 : 0;
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};

const render = (summary: Summary, flags: AnalyzeFlags, host: Host): Iterable<string> => {
  const format: Format = flags.json === true ? 'json' : flags.format;
  const forPeople = format === 'table' || format === 'markdown';
  const top = flags.top ?? (forPeople ? TOP_OF_TABLE : 0);
  const toFile = flags.output !== undefined;
  const listed =
    top === 0 || forPeople ? summary : { ...summary, users: summary.users.slice(0, top) };
  return reporters[format](listed, {
    width: widthOf(host, toFile ? { ...host.stdout, isTTY: false } : host.stdout),
    theme: themeFor(host, toFile ? host.stderr : host.stdout, toFile ? 'never' : flags.color),
    top,
    csvRaw: flags.csvRaw === true,
  });
};

/** What a report for programs can't say in words goes to standard error. */
const remark = (summary: Summary, flags: AnalyzeFlags, host: Host): void => {
  if (flags.quiet === true) return;
  const theme = themeFor(host, host.stderr, flags.color);
  for (const failure of summary.incomplete ?? []) {
    host.stderr.write(renderError(incompleteText(failure), null, theme));
  }
  if (flags.json !== true && flags.format === 'table') return;
  for (const { message } of summary.notices) host.stderr.write(renderError(message, null, theme));
};
