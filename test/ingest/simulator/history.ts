import { planOf } from '../../../src/analyze.ts';
import { configOf } from '../../../src/ingest/config.ts';
import { eventIdOf, type EventId } from '../../../src/ingest/events.ts';
import { LogReader, type LogOptions } from '../../../src/ingest/log.ts';
import { matchFiles, type Matcher } from '../../../src/ingest/match.ts';
import { Readable } from 'node:stream';
import { MemoryFiles } from './memory-files.ts';
import { Random } from './random.ts';
import { CrashingStore } from './store.ts';
import { styleOf, World } from './world.ts';

/** What a history did to the lines. */
export interface Outcome {
  readonly lines: number;
  readonly runs: number;
  readonly crashes: number;
  /** Ids of lines that should be in the store once. */
  readonly lost: readonly number[];
  readonly twice: readonly number[];
}

/** The parts of the program that a mutant replaces. */
export interface Parts {
  readonly match: Matcher;
  readonly eventId: EventId;
}

export const PARTS: Parts = { match: matchFiles, eventId: eventIdOf };

/** The process ends here, whatever it was about to do. */
export class Crash extends Error {}

const judge = planOf({ inputs: [], stdin: Readable.from([]), ring: null, now: 0 }, 'events').judge;

/** How the log `/log/app.log` of a folder in memory is read: nothing verified, one thread. */
export const optionsFor = (
  files: MemoryFiles,
  store: CrashingStore,
  more: Partial<LogOptions> = {},
): LogOptions => ({
  store,
  disk: files,
  judge,
  now: () => judge.policy.now,
  keepsJudges: false,
  config: configOf(judge, 1 << 12, false, false),
  recordedOnly: false,
  resetState: false,
  threads: 1,
  blockSize: 300,
  maxLine: 1 << 12,
  limits: { events: 3, bytes: 1e6, text: 1e6 },
  onProgress: null,
  change: null,
  shouldStop: () => false,
  ...PARTS,
  ...more,
});

export const LOG = '/log/app.log';

/**
 * One random history: things happen to a log between runs, and during them; runs crash anywhere.
 * A line that lay on disk from the start to the end of a run that ended well must be stored once; any
 * other at most once.
 */
export const live = async (seed: number, parts: Parts = PARTS): Promise<Outcome> => {
  const random = new Random(seed);
  const files = new MemoryFiles();
  const world = new World(files, random, styleOf(random));
  const store = new CrashingStore(random.chance(0.5));
  const must = new Set<number>();
  let crashes = 0;
  const runs = random.whole(3, 8);
  let reader: LogReader | null = null;
  for (let run = 1; run <= runs + 2; run++) {
    const isLast = run > runs;
    if (isLast) world.finish();
    for (let n = isLast ? 0 : random.whole(0, 14); n > 0; n--) {
      if (random.chance(0.7)) files.tick();
      world.act();
    }
    // Things that happen while the run is at work.
    let meanwhile = !isLast && random.chance(0.4) ? random.whole(1, 12) : 0;
    const often = random.pick([0.02, 0.1, 0.3]);
    let crashAt = !isLast && random.chance(0.4) ? random.whole(1, 80) : Infinity;
    const onCall = (): void => {
      if (--crashAt <= 0) throw new Crash();
      if (meanwhile > 0 && random.chance(often)) {
        meanwhile--;
        world.act();
      }
    };
    files.onRead = onCall;
    store.onCall = onCall;
    const options = optionsFor(files, store, {
      blockSize: random.pick([64, 300, 5000]),
      limits: { events: random.pick([1, 3, 100]), bytes: 1e6, text: 1e6 },
      ...parts,
    });
    const before = world.lines();
    try {
      // Sometimes the process is still the one of the run before (--follow).
      if (reader === null || random.chance(0.7)) {
        reader = await LogReader.open(LOG, LOG, options);
      }
      const { incomplete } = await reader.pass();
      const after = world.lines();
      const isTired = incomplete.some(({ detail }) => detail.includes('again and again'));
      if (!isTired) for (const id of before) if (after.has(id)) must.add(id);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      crashes++;
      reader = null;
    }
    files.onRead = () => undefined;
    store.onCall = () => undefined;
  }
  const stored = store.uses();
  return {
    lines: must.size,
    runs: runs + 2,
    crashes,
    lost: [...must].filter((id) => !stored.has(id)),
    twice: [...stored].filter(([, count]) => count > 1).map(([id]) => id),
  };
};
