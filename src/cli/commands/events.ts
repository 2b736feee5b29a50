import { planOf } from '../../analyze.ts';
import type { AuthEvent } from '../../event/event.ts';
import { readAndJudge } from '../../pipeline.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import type { Incomplete } from '../../source/input.ts';
import type { Notice } from '../../summarize/summary.ts';
import type { EventsFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { themeFor } from '../look.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { openSink } from '../write.ts';

/** `authlog events`: one line of NDJSON (`authlog.event/1`) for each token occurrence, in the order of the log; to `.parquet`, a table of a store's events. */
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
  const hidden = await pseudonymsOf(flags, host);
  const sink = await openSink(flags.output, host.stdout);
  // Results that scroll by show progress enough.
  const shown = flags.progress && flags.quiet !== true && flags.output !== undefined;
  const progress = startProgress(host, options.inputs, shown);
  let events = 0;
  const disarm = onInterrupt(options.inputs, () => `after ${events} events`);
  try {
    const plan = planOf({ ...options, onProgress: progress.onProgress }, true);
    const result = await readAndJudge(plan, async (judged) => {
      const lines = judged.events;
      if (lines !== null && lines.length > 0) await sink.write(hidden?.lines(lines) ?? lines);
      events += judged.count;
    });
    const incompleteStores: Incomplete[] = [];
    for (const input of options.inputs.filter(({ kind }) => kind === 'store')) {
      const { printHistory } = await import('../../history.ts');
      const change = hidden?.event ?? asItIs;
      const history = await printHistory(input, filter, change, async (lines, count) => {
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
        ...[...notices, ...(hidden?.notices ?? []), ...result.notices].map(
          ({ message }) => message,
        ),
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

interface Hidden {
  readonly event: (event: AuthEvent) => AuthEvent;
  /** The same of lines of NDJSON. */
  readonly lines: (lines: Uint8Array) => string;
  readonly notices: readonly Notice[];
}

/** What puts pseudonyms in place, null where none are wanted. */
const pseudonymsOf = async (flags: EventsFlags, host: Host): Promise<Hidden | null> => {
  if (flags.pseudonymKey === undefined) return null;
  const { readPseudonymKey } = await import('../pseudonym-key.ts');
  const { createPseudonymizer } = await import('../../event/pseudonym.ts');
  const { changeEventLines } = await import('../../event/lines.ts');
  const { key, notices } = await readPseudonymKey(flags.pseudonymKey, host);
  const event = createPseudonymizer(key);
  return { event, lines: (lines) => changeEventLines(lines, event), notices };
};

const asItIs = (event: AuthEvent): AuthEvent => event;
