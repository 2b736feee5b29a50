import { noKey } from './errors.ts';
import {
  oddBlocks,
  readJobs,
  type FilePiece,
  type Plan,
  type Progress,
  type Reading,
} from './jobs.ts';
import type { BlockPlace, JudgedBlock } from './judge/judged.ts';
import { prepareZone } from './source/fields/zone.ts';
import type { Incomplete, Input, InputNotice } from './source/input.ts';
import type { InputSummary } from './summarize/summary.ts';
import { JudgePool, type PoolResult } from './threads/pool.ts';
import { Turns } from './threads/turns.ts';

/** What came of reading; the judged blocks went to the sink. */
export interface ReadResult {
  readonly read: readonly ReadInput[];
  readonly incomplete: readonly Incomplete[];
  readonly notices: readonly InputNotice[];
}

/** An input, and whether it turned out to be a file of events. */
export interface ReadInput extends InputSummary {
  readonly recorded: boolean;
}

/** Gets judged blocks in the order of the log. */
export type Sink = (judged: JudgedBlock, origin: number, place: BlockPlace) => void | Promise<void>;

/** Bytes of all inputs, null where one can't be known. */
export const knownBytes = (inputs: readonly Input[]): number | null =>
  inputs.reduce<number | null>(
    (sum, { size }) => (sum === null || size === null ? null : sum + size),
    0,
  );

/** Judges of several plans, which know a token from wherever it came first. */
export interface SharedJudges {
  readonly pool: JudgePool;
  /** Told of each block as soon as it is judged: in the order of its judge, which numbers what repeats. */
  readonly onJudged: (result: PoolResult) => void;
}

/** A block under way, or a part of a file. */
interface Pending {
  readonly result: Promise<PoolResult | null>;
  readonly reading: Reading;
  readonly piece: FilePiece | null;
}

/**
 * Sources → blocks → judged blocks: the one place that knows the order of the stages.
 * @param shared judges that outlast the plan; null starts some and ends them
 */
export const readAndJudge = async (
  plan: Plan,
  sink: Sink,
  shared: SharedJudges | null = null,
): Promise<ReadResult> => {
  await prepareZone(plan.judge.zone);
  const pool = shared?.pool ?? newPool(plan, knownBytes(plan.inputs));
  const progress: Progress = { read: [], incomplete: [] };
  const take = async (reading: Reading, { judged, origin }: PoolResult): Promise<void> => {
    const place = { path: reading.path, firstLine: reading.lines + 1 };
    reading.lines += judged.lines;
    if (judged.notices.some(({ code }) => code === 'pattern_timeout')) {
      markPatternTimeout(progress, reading.path);
    }
    await sink(judged, origin, place);
    pool.release(judged);
  };
  const turns = new Turns<Pending>(pool, async ({ result, reading, piece }) => {
    const done = await result;
    if (piece === null) return await take(reading, done!);
    if (done !== null) {
      plan.onProgress?.(done.bytes);
      reading.bytes += done.bytes;
      await take(reading, done);
    } else {
      piece.file.isOdd = true;
      for await (const block of oddBlocks(plan, pool, piece, reading, progress)) {
        const apart = pool.judgeApart({ ...piece.origin, block });
        shared?.onJudged(apart);
        await take(reading, apart);
      }
    }
    await piece.file.letGo();
  });
  try {
    for await (const job of readJobs(plan, pool, progress)) {
      const isPart = 'part' in job;
      const result = told(
        isPart ? pool.submitPart(job.origin, job.part) : pool.submit(job),
        shared,
      );
      const piece = isPart ? job : null;
      turns.add({ result, reading: progress.read.at(-1)!, piece }, result);
      await turns.makeRoom();
    }
    await turns.finish();
    const hasNothing = plan.inputs.length > 0 && !progress.read.some(({ recorded }) => recorded);
    if (plan.recordedOnly && hasNothing) throw noKey();
  } finally {
    const closed = shared === null ? pool.close() : null;
    // Only after a failure something is left, which may still be read from.
    const { rest } = turns;
    if (rest.length > 0) await (closed ?? Promise.allSettled(rest.map(({ result }) => result)));
    for (const { piece } of rest) await piece?.file.letGo();
  }
  return {
    read: progress.read,
    incomplete: progress.incomplete,
    notices: progress.read.flatMap(({ path, notices, padding }) =>
      [...notices, padding.notice() ?? []].flat().map(({ code, message }) => ({
        code,
        message: `${path}: ${message}`,
      })),
    ),
  };
};

/** The same, once whoever shares the judges was told of it. */
const told = (
  judged: Promise<PoolResult | null>,
  shared: SharedJudges | null,
): Promise<PoolResult | null> => {
  if (shared === null) return judged;
  return judged.then((result) => {
    if (result !== null) shared.onJudged(result);
    return result;
  });
};

/** Judges for so many bytes, null where nobody knows. */
export const newPool = (
  { judge, threads, blockSize }: Pick<Plan, 'judge' | 'threads' | 'blockSize'>,
  bytes: number | null,
): JudgePool => {
  const pool = new JudgePool(judge, threads, blockSize);
  if (bytes !== null) pool.expect(bytes);
  return pool;
};

const markPatternTimeout = ({ incomplete }: Progress, path: string): void => {
  const detail = '--pattern took too long on some lines; they were not searched';
  if (incomplete.some((other) => other.path === path && other.detail === detail)) return;
  incomplete.push({ path, reason: 'unsupported', detail });
};
