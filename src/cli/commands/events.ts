import { planOf } from '../../analyze.ts';
import { readAndJudge } from '../../pipeline.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import type { Incomplete } from '../../source/input.ts';
import type { ReadFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { themeFor } from '../look.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { openSink } from '../write.ts';

/** `authlog events`: one line of NDJSON (`authlog.event/1`) for each token occurrence, in the order of the log. */
export const runEvents = async (
  sources: readonly string[],
  flags: ReadFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  const sink = await openSink(flags.output, host.stdout);
  // Results that scroll by show progress enough.
  const shown = flags.progress && flags.quiet !== true && flags.output !== undefined;
  const progress = startProgress(host, options.inputs, shown);
  let events = 0;
  const disarm = onInterrupt(options.inputs, () => `after ${events} events`);
  try {
    const plan = planOf({ ...options, onProgress: progress.onProgress }, true);
    const result = await readAndJudge(plan, async (judged) => {
      if (judged.events !== null && judged.events.length > 0) await sink.write(judged.events);
      events += judged.count;
    });
    const incompleteStores: Incomplete[] = [];
    const filter = { since: options.since ?? null, until: options.until ?? null };
    for (const input of options.inputs.filter(({ kind }) => kind === 'store')) {
      const { printHistory } = await import('../../history.ts');
      const history = await printHistory(input, filter, async (lines, count) => {
        await sink.write(lines);
        events += count;
      });
      incompleteStores.push(...history.incomplete);
    }
    progress.stop();
    await sink.close();
    const failures = [...incomplete, ...result.incomplete, ...incompleteStores];
    if (flags.quiet !== true) {
      const theme = await themeFor(host, host.stderr, flags.color);
      const remarks = [
        ...failures.map(incompleteText),
        ...[...notices, ...result.notices].map(({ message }) => message),
      ];
      for (const message of remarks) host.stderr.write(renderError(message, null, theme));
    }
    return failures.length > 0 ? 3 : 0;
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};
