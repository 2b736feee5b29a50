import { hostname } from 'node:os';
import { planOf } from '../../analyze.ts';
import { AuthlogError } from '../../errors.ts';
import { BATCH_LIMITS } from '../../ingest/batch.ts';
import { configOf } from '../../ingest/config.ts';
import { nodeDisk } from '../../ingest/disk.ts';
import { eventIdOf, type Change } from '../../ingest/events.ts';
import { ingest, type IngestResult, type LogResult } from '../../ingest/ingest.ts';
import { lockPath, takeLock } from '../../ingest/locks.ts';
import { matchFiles } from '../../ingest/match.ts';
import { filesOfLogs, findLogs } from '../../ingest/sources.ts';
import type { Plan } from '../../jobs.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import { prepareZone } from '../../source/fields/zone.ts';
import type { Input } from '../../source/input.ts';
import { openStore } from '../../store/open.ts';
import type { EventStore } from '../../store/store.ts';
import { shownStoreUrl } from '../../source/store-url.ts';
import { parseStoreUrl } from '../../store/url.ts';
import type { IngestFlags } from '../define/ingest.ts';
import type { Host } from '../host.ts';
import { followText, ingestJson, ingestText } from '../ingest-report.ts';
import { themeFor } from '../look.ts';
import { startProgress } from '../progress.ts';
import { pseudonymizerOf } from '../pseudonym-key.ts';
import { resolveRead } from '../resolve.ts';
import { onStop, type Stop } from '../stop.ts';
import { secondsOf } from '../values.ts';
import { streamSink } from '../write.ts';

/** `authlog ingest`: every line of the logs into a store, once; then what that was. */
export const runIngest = async (
  sources: readonly string[],
  flags: IngestFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  if (isTyped('since') || isTyped('until')) {
    throw new AuthlogError(
      'USAGE',
      'ingest takes all lines: --since and --until are for the reports',
      'Leave them out here; authlog analyze STORE --since 24h has them.',
    );
  }
  const store = flags.store;
  parseStoreUrl(store, host.env);
  const { paths } = await findLogs(sources, host.cwd());
  const files = await filesOfLogs(paths);
  const { since: _since, until: _until, ...readFlags } = flags;
  const named = [files, paths, sources].find((some) => some.length > 0)!;
  const { options, notices } = await resolveRead(named, readFlags, host, isTyped);
  const plan = planOf(options, 'events');
  await prepareZone(plan.judge.zone);
  const hidden = await pseudonymizerOf(flags.pseudonymKey, host);
  const say = await speaker(flags, host);
  for (const { message } of [...notices, ...hidden.notices]) say(message);
  const stop = onStop();
  try {
    const opened = await openToWrite(store);
    try {
      const result = await run(sources, flags, host, plan, opened, hidden.change, stop);
      for (const failure of result.incomplete) say(incompleteText(failure));
      const render = flags.json === true ? ingestJson : ingestText;
      const sink = streamSink(host.stdout, 'standard output');
      await sink.write(render(result, shownStoreUrl(store), flags.verify));
      await sink.close();
      if (result.isStopped && flags.follow !== true) {
        say('interrupted; what was read is stored, and the next run goes on from there');
        return stop.exitCode() ?? 0;
      }
      return result.incomplete.length > 0 ? 3 : 0;
    } finally {
      await opened.close();
    }
  } finally {
    stop.disarm();
  }
};

/** A store that can't be opened is one that can't be written: said before anything is read. */
const openToWrite = (url: string): Promise<EventStore> =>
  openStore(url).catch((error: unknown) => {
    if (!(error instanceof AuthlogError) || error.code !== 'INPUT') throw error;
    throw new AuthlogError('OUTPUT', error.message, error.hint);
  });

const run = async (
  sources: readonly string[],
  flags: IngestFlags,
  host: Host,
  plan: Plan,
  store: EventStore,
  change: Change | null,
  stop: Stop,
): Promise<IngestResult> => {
  const { judge, threads, blockSize, maxLine, recordedOnly } = plan;
  const url = parseStoreUrl(flags.store, host.env);
  const isEmbedded = url.kind === 'duckdb';
  const lockOf = { file: isEmbedded ? url.path : null, url: shownStoreUrl(flags.store) };
  const machine = flags.host ?? hostname();
  const isWatched = flags.progress && flags.quiet !== true;
  const progress = startProgress(host, UNKNOWN, isWatched && flags.follow !== true);
  const status = isWatched && flags.follow === true ? statusOn(host) : null;
  const now = flags.now === undefined ? null : judge.policy.now;
  try {
    return await ingest({
      store,
      disk: nodeDisk,
      judge,
      now: () => now ?? Date.now(),
      keepsJudges: false,
      config: configOf(judge, maxLine, recordedOnly, change !== null),
      recordedOnly,
      resetState: flags.resetState === true,
      threads,
      blockSize,
      maxLine,
      limits: BATCH_LIMITS,
      match: matchFiles,
      eventId: eventIdOf,
      change,
      onProgress: progress.onProgress,
      find: () => findLogs(sources, host.cwd()),
      nameOf: (path) => (isEmbedded ? path : `${machine}:${path}`),
      lock: (source) => takeLock(lockPath(lockOf, source, host.env)),
      follow: flags.follow === true ? (await secondsOf(flags.poll)) * 1000 : null,
      signal: stop.signal,
      onPass: status?.show ?? null,
    });
  } finally {
    progress.stop();
    status?.end();
  }
};

/** How much of the files is new is known only when it was read. */
const UNKNOWN: readonly Input[] = [{ path: '', kind: 'file', size: null, mtime: null, mode: null }];

/** One line that is written over, where somebody watches. */
const statusOn = (
  host: Host,
): { readonly show: (logs: readonly LogResult[]) => void; readonly end: () => void } | null => {
  if (host.stderr.isTTY !== true || host.env['TERM'] === 'dumb') return null;
  return {
    show: (logs) => void host.stderr.write(`\r\u{1b}[K${followText(logs)}`),
    end: () => void host.stderr.write('\n'),
  };
};

const speaker = async (flags: IngestFlags, host: Host): Promise<(message: string) => void> => {
  if (flags.quiet === true) return () => undefined;
  const theme = await themeFor(host, host.stderr, flags.color);
  return (message) => void host.stderr.write(renderError(message, null, theme));
};
