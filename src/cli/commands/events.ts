import { planOf } from '../../analyze.ts';
import { readAndJudge } from '../../pipeline.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import { isStore, type Incomplete } from '../../source/input.ts';
import { eventPrinter } from '../event-format.ts';
import type { EventsFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { themeFor } from '../look.ts';
import { startProgress } from '../progress.ts';
import { pseudonymizerOf } from '../pseudonym-key.ts';
import { resolveRead } from '../resolve.ts';
import { openSink } from '../write.ts';

/** `authlog events`: one line of JSON (`authlog.event/1`, OCSF or ECS) for each token occurrence, in the order of the log; to `.parquet`, a table of a store's events. */
export const runEvents = async (
  sources: readonly string[],
  flags: EventsFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  const filter = { since: options.since ?? null, until: options.until ?? null };
  if (flags.output?.endsWith('.parquet') === true) {
    const { writeParquet } = await import('../parquet.ts');
    await writeParquet(sources, flags, flags.output, filter);
    return 0;
  }
  const { change, notices: ofKey } = await pseudonymizerOf(flags.pseudonymKey, host);
  const print = await eventPrinter(flags.format, change, options.now);
  const sink = await openSink(flags.output, host.stdout);
  // Results that scroll by show progress enough.
  const shown = flags.progress && flags.quiet !== true && flags.output !== undefined;
  const progress = startProgress(host, options.inputs, shown);
  let events = 0;
  const disarm = onInterrupt(options.inputs, () => `after ${events} events`);
  try {
    const plan = planOf({ ...options, onProgress: progress.onProgress }, 'events');
    const result = await readAndJudge(plan, async (judged) => {
      const lines = judged.events;
      if (lines !== null && lines.length > 0) {
        await sink.write(print(lines));
      }
      events += judged.count;
    });
    const incompleteStores: Incomplete[] = [];
    for (const input of options.inputs.filter(isStore)) {
      const { printHistory } = await import('../../history.ts');
      const history = await printHistory(input, filter, async (lines, count) => {
        await sink.write(print(lines));
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
        ...[...notices, ...ofKey, ...result.notices].map(({ message }) => message),
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
