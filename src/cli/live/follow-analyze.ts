import { searchedFor } from '../../analyze.ts';
import { reporters } from '../../report/reporters.ts';
import { onOneLine } from '../../report/one-line.ts';
import { summarize } from '../../summarize/summarize.ts';
import type { Notice, Summary } from '../../summarize/summary.ts';
import type { AnalyzeFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { lookOf, themeFor } from '../look.ts';
import { concludeSummary, printSummary, withTop } from '../print-summary.ts';
import type { ResolvedRead } from '../resolve.ts';
import { onStop } from '../stop.ts';
import { streamSink } from '../write.ts';
import { mannerOf } from './follow-flags.ts';
import { Session } from './session.ts';
import { showLive } from './show.ts';

/** `authlog analyze --follow`: a screen or lines as the logs grow, and the summary at the end. */
export const followAnalyze = async (
  sources: readonly string[],
  flags: AnalyzeFlags,
  host: Host,
  { options, notices }: Pick<ResolvedRead, 'options' | 'notices'>,
): Promise<number> => {
  const { isScreen, interval } = await mannerOf(flags, host);
  const session = new Session({
    sources,
    read: options,
    isFrozen: flags.now !== undefined,
    maxUsers: flags.maxUsers,
    audit: null,
    clientAddress: null,
    forwarded: false,
    host,
  });
  const stop = onStop();
  stop.signal.addEventListener('abort', () => session.end());
  const snapshot = (): Summary => {
    const { now, live, read, held, incomplete } = session;
    live.moveTo(now / 1000);
    return summarize(live.tally, {
      policy: { now, clock: options.clock ?? 'use' },
      zone: options.zone ?? 'UTC',
      keys: options.ring?.keys ?? null,
      inputs: options.inputs,
      read,
      incomplete,
      notices: [...notices, ...heldNotice(held)],
      sort: flags.sort,
      searched: searchedFor(options.pattern ?? null),
    });
  };
  const sink = streamSink(host.stdout, 'standard output');
  try {
    if (isScreen) {
      const theme = await themeFor(host, host.stdout, flags.color);
      const isVerified = options.ring !== null || options.recordedOnly === true;
      await showLive(
        { session, host, theme, command: 'analyze', isVerified, findings: null },
        interval,
      );
      return await printSummary(snapshot(), flags, host, sink);
    }
    const report = await reporters.json();
    const look = { ...(await lookOf(host, flags)), top: 0, csvRaw: false };
    const write = async (summary: Summary): Promise<void> => {
      for (const chunk of onOneLine(report(withTop(summary, flags.top ?? 0), look))) {
        await sink.write(chunk);
      }
    };
    await session.run(interval, () => write(snapshot()));
    const last = snapshot();
    await write(last);
    await sink.close();
    return await concludeSummary(last, { ...flags, json: true }, host);
  } finally {
    stop.disarm();
  }
};

/** A line without line break may go on: it is not judged before it ends. */
export const heldNotice = (held: number): readonly Notice[] =>
  held === 0
    ? []
    : [
        {
          code: 'line_not_ended',
          message: `${held} line${held === 1 ? '' : 's'} without a line break at the end ${held === 1 ? 'is' : 'are'} not counted yet`,
          count: held,
        },
      ];
