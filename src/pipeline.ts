import type { Readable } from 'node:stream';
import type { BlockJob, JudgeConfig } from './judge/judge.ts';
import type { JudgedBlock } from './judge/judged.ts';
import { readBlocks } from './source/blocks.ts';
import { prepareZone } from './source/fields/zone.ts';
import { IncompleteInput, type Incomplete, type Input, type InputNotice } from './source/input.ts';
import { openInput } from './source/open.ts';
import type { InputSummary } from './summarize/summary.ts';
import { JudgePool, type PoolResult } from './threads/pool.ts';

/** What is read and how it is judged, everything resolved. */
export interface Plan {
  readonly inputs: readonly Input[];
  readonly stdin: Readable;
  readonly judge: JudgeConfig;
  readonly threads: number;
  readonly blockSize: number;
  /** Bytes of the longest line that is searched to its end. */
  readonly maxLine: number;
  /** Called with raw bytes (compressed ones, for a compressed file) as they are read. */
  readonly onProgress: ((bytes: number) => void) | null;
}

/** What came of reading; the judged blocks went to the sink. */
export interface ReadResult {
  readonly read: readonly InputSummary[];
  readonly incomplete: readonly Incomplete[];
  readonly notices: readonly InputNotice[];
}

/** Gets judged blocks in the order of the log. */
export type Sink = (judged: JudgedBlock, origin: number) => void | Promise<void>;

interface Progress {
  readonly read: { path: string; bytes: number; lines: number }[];
  readonly incomplete: Incomplete[];
  readonly notices: InputNotice[];
}

const NEWLINE = 0x0a;

/** Sources → blocks → judged blocks: the one place that knows the order of the stages. */
export const readAndJudge = async (plan: Plan, sink: Sink): Promise<ReadResult> => {
  await prepareZone(plan.judge.zone);
  const pool = new JudgePool(plan.judge, plan.threads);
  const progress: Progress = { read: [], incomplete: [], notices: [] };
  const queue: { readonly result: Promise<PoolResult>; readonly input: number }[] = [];
  const finishFirst = async (): Promise<void> => {
    const { result, input } = queue.shift()!;
    const { judged, origin } = await result;
    const entry = progress.read[input]!;
    entry.lines += judged.lines;
    if (judged.notices.some(({ code }) => code === 'pattern_timeout')) {
      markPatternTimeout(progress, entry.path);
    }
    await sink(judged, origin);
  };
  try {
    for await (const job of readJobs(plan, pool, progress)) {
      const result = pool.submit(job);
      // The queue awaits it later; until then a failure must not count as unhandled.
      result.catch(() => undefined);
      queue.push({ result, input: progress.read.length - 1 });
      while (queue.length > pool.depth) await finishFirst();
    }
    while (queue.length > 0) await finishFirst();
  } finally {
    await pool.close();
  }
  return progress;
};

async function* readJobs(
  plan: Plan,
  pool: JudgePool,
  { read, incomplete, notices }: Progress,
): AsyncIterable<BlockJob> {
  const onNotice = (notice: InputNotice): void => void notices.push(notice);
  for (const input of plan.inputs) {
    read.push({ path: input.path, bytes: 0, lines: 0 });
    const reference = Math.min(input.mtime ?? Infinity, plan.judge.policy.now);
    let firstLine = 1;
    try {
      const io = { stdin: plan.stdin, onNotice, ...(plan.onProgress && { onProgress: plan.onProgress }) };
      const { blockSize, maxLine } = plan;
      const options = { blockSize, maxLine, allocate: pool.allocate, onNotice };
      const chunks = counted(openInput(input, io), read.at(-1)!);
      for await (const block of readBlocks(chunks, options)) {
        const lines = plan.judge.events ? countLines(block.bytes, block.length) : 0;
        yield { block, path: input.path, reference, firstLine };
        firstLine += lines;
      }
    } catch (error) {
      if (!(error instanceof IncompleteInput)) throw error;
      incomplete.push({ path: input.path, reason: error.reason, detail: error.message });
    }
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  entry: { bytes: number },
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    entry.bytes += chunk.length;
    yield chunk;
  }
}

const countLines = (bytes: Uint8Array, length: number): number => {
  let lines = bytes[length - 1] === NEWLINE ? 0 : 1;
  for (let i = 0; i < length; i++) if (bytes[i] === NEWLINE) lines++;
  return lines;
};

const markPatternTimeout = ({ incomplete }: Progress, path: string): void => {
  const detail = '--pattern took too long on some lines; they were not searched';
  if (incomplete.some((other) => other.path === path && other.detail === detail)) return;
  incomplete.push({ path, reason: 'unsupported', detail });
};
