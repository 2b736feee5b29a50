import type { Readable } from 'node:stream';
import { noKey } from './errors.ts';
import type { BlockJob, JudgeConfig } from './judge/judge.ts';
import type { BlockPlace, JudgedBlock } from './judge/judged.ts';
import { countLines } from './source/block.ts';
import { startsWithEvent } from './judge/recorded.ts';
import { readBlocks } from './source/blocks.ts';
import { prepareZone } from './source/fields/zone.ts';
import { IncompleteInput, type Incomplete, type Input, type InputNotice } from './source/input.ts';
import { openInput, type OpenOptions } from './source/open.ts';
import type { InputSummary } from './summarize/summary.ts';
import { JudgePool, type PoolResult } from './threads/pool.ts';

/** What is read and how it is judged, everything resolved. */
export interface Plan {
  readonly inputs: readonly Input[];
  readonly stdin: Readable;
  readonly judge: JudgeConfig;
  /** There is no key, and nobody said that signatures need not be checked: only recorded verdicts will do. */
  readonly recordedOnly: boolean;
  readonly threads: number;
  readonly blockSize: number;
  /** Bytes of the longest line that is searched to its end. */
  readonly maxLine: number;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Told how many more raw bytes (compressed ones, for a compressed file) were read. */
  readonly onProgress: ((bytes: number) => void) | null;
}

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

interface Progress {
  readonly read: { path: string; bytes: number; lines: number; recorded: boolean }[];
  readonly incomplete: Incomplete[];
  readonly notices: InputNotice[];
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
  const progress: Progress = { read: [], incomplete: [], notices: [] };
  const queue: { readonly result: Promise<PoolResult>; readonly input: number }[] = [];
  const finishFirst = async (): Promise<void> => {
    const { result, input } = queue.shift()!;
    const { judged, origin } = await result;
    const entry = progress.read[input]!;
    const place = { path: entry.path, firstLine: entry.lines + 1 };
    entry.lines += judged.lines;
    if (judged.notices.some(({ code }) => code === 'pattern_timeout')) {
      markPatternTimeout(progress, entry.path);
    }
    await sink(judged, origin, place);
    pool.release(judged);
  };
  try {
    for await (const job of readJobs(plan, pool, progress)) {
      const result = told(pool.submit(job), shared);
      // The queue awaits it later; until then a failure must not count as unhandled.
      result.catch(() => undefined);
      queue.push({ result, input: progress.read.length - 1 });
      while (queue.length > pool.depth) await finishFirst();
    }
    while (queue.length > 0) await finishFirst();
    const hasNothing = plan.inputs.length > 0 && !progress.read.some(({ recorded }) => recorded);
    if (plan.recordedOnly && hasNothing) throw noKey();
  } finally {
    if (shared === null) await pool.close();
  }
  return progress;
};

/** The same, once whoever shares the judges was told of it. */
const told = (judged: Promise<PoolResult>, shared: SharedJudges | null): Promise<PoolResult> => {
  if (shared === null) return judged;
  return judged.then((result) => {
    shared.onJudged(result);
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

async function* readJobs(plan: Plan, pool: JudgePool, progress: Progress): AsyncIterable<BlockJob> {
  for (const input of plan.inputs) {
    const { path } = input;
    const entry = { path, bytes: 0, lines: 0, recorded: false };
    progress.read.push(entry);
    const onNotice = ({ code, message }: InputNotice): void => {
      progress.notices.push({ code, message: `${path}: ${message}` });
    };
    const { blockSize, maxLine } = plan;
    const chunks = counted(openInput(input, { ...openOptions(plan), onNotice }), entry);
    const blocks = readBlocks(chunks, { blockSize, maxLine, allocate: pool.allocate, onNotice });
    const reference = Math.min(input.mtime ?? Infinity, plan.judge.policy.now);
    let firstLine = 1;
    try {
      for await (const block of blocks) {
        if (block.offset === 0) entry.recorded = startsWithEvent(block);
        if (plan.recordedOnly && !entry.recorded) throw noKey();
        // Events carry the number of their line from there; columns get it when their turn comes.
        const isNumbered = plan.judge.events || (plan.judge.audit && entry.recorded);
        const lines = isNumbered ? countLines(block) : 0;
        yield { block, path, reference, firstLine, recorded: entry.recorded };
        firstLine += lines;
      }
    } catch (error) {
      if (!(error instanceof IncompleteInput)) throw error;
      progress.incomplete.push({ path, reason: error.reason, detail: error.message });
    }
  }
}

const openOptions = ({ stdin, cwd, onProgress }: Plan): OpenOptions => {
  let before = 0;
  return {
    stdin,
    cwd,
    onProgress: (soFar) => {
      onProgress?.(soFar - before);
      before = soFar;
    },
  };
};

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  entry: { bytes: number },
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    entry.bytes += chunk.length;
    yield chunk;
  }
}

const markPatternTimeout = ({ incomplete }: Progress, path: string): void => {
  const detail = '--pattern took too long on some lines; they were not searched';
  if (incomplete.some((other) => other.path === path && other.detail === detail)) return;
  incomplete.push({ path, reason: 'unsupported', detail });
};
