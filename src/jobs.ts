import type { Readable } from 'node:stream';
import { noKey } from './errors.ts';
import type { BlockJob, Origin } from './judge/job.ts';
import type { JudgeConfig } from './judge/judge.ts';
import { startsWithEvent } from './judge/recorded.ts';
import { countLines, type Block } from './source/block.ts';
import { NulPadding, readBlocks } from './source/blocks.ts';
import { IncompleteInput, type Incomplete, type Input, type InputNotice } from './source/input.ts';
import { openInput, type OpenOptions } from './source/open.ts';
import type { Part } from './source/parts.ts';
import { PlainFile } from './source/plain-file.ts';
import type { JudgePool } from './threads/pool.ts';

/** Blocks that a file must have to be worth a second look. */
const LEAST_PARTS = 4;
/** With the lines that end behind it, a part must not be longer than what the kernel takes. */
const LONGEST_PART = 2 << 20;

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

/** A part of a file that whoever judges it reads. */
export interface FilePiece {
  readonly origin: Origin;
  readonly file: PlainFile;
  readonly part: Part;
}

export interface Progress {
  readonly read: Reading[];
  readonly incomplete: Incomplete[];
}

/** An input that is being read. */
export interface Reading {
  path: string;
  bytes: number;
  lines: number;
  recorded: boolean;
  readonly notices: InputNotice[];
  readonly padding: NulPadding;
}

/** What is to be judged, in the order of the log. */
export async function* readJobs(
  plan: Plan,
  pool: JudgePool,
  progress: Progress,
): AsyncIterable<BlockJob | FilePiece> {
  for (const input of plan.inputs) {
    const { path } = input;
    const reading = {
      path,
      bytes: 0,
      lines: 0,
      recorded: false,
      notices: [],
      padding: new NulPadding(),
    };
    progress.read.push(reading);
    const reference = Math.min(input.mtime ?? Infinity, plan.judge.policy.now);
    const file = await openInParts(plan, input);
    if (file === null) yield* wholeJobs(plan, pool, input, reference, reading, progress);
    else yield* partJobs(plan, pool, file, reference, reading, progress);
  }
}

/** Files that threads may read by themselves; null where one thread must read them from their start. */
const openInParts = async (plan: Plan, { path, size }: Input): Promise<PlainFile | null> => {
  const { judge, cwd, blockSize } = plan;
  const least = LEAST_PARTS * blockSize;
  // A pipe must not be opened only to look at it: that takes what is in it.
  if (size === null || size < least || judge.events) return null;
  const file = await PlainFile.open(path, cwd, least);
  // Who tells the number of an event's line must have counted those before.
  if (file === null || !judge.audit || !startsWithEvent(file.start)) return file;
  await file.letGo();
  return null;
};

async function* partJobs(
  plan: Plan,
  pool: JudgePool,
  file: PlainFile,
  reference: number,
  reading: Reading,
  progress: Progress,
): AsyncIterable<BlockJob | FilePiece> {
  const { path, size, start } = file;
  const recorded = startsWithEvent(start);
  reading.recorded = recorded;
  // Events carry the number of their line from there; columns get it when their turn comes.
  const origin = { path, reference, firstLine: 1, recorded };
  try {
    if (plan.recordedOnly && !recorded) throw noKey();
    const step = Math.min(plan.blockSize, LONGEST_PART);
    for (let from = 0; from < size; from += step) {
      if (file.isOdd) {
        const rest = file.part(from, size, plan.maxLine);
        for await (const block of oddBlocks(plan, pool, { file, part: rest }, reading, progress)) {
          yield { ...origin, block };
        }
        return;
      }
      file.hold();
      yield { origin, file, part: file.part(from, from + step, plan.maxLine) };
    }
  } finally {
    await file.letGo();
  }
}

/** What lies in a part of a file, read from its start to its end; a failure is noted, and ends the file. */
export async function* oddBlocks(
  plan: Plan,
  pool: JudgePool,
  { file, part }: Pick<FilePiece, 'file' | 'part'>,
  reading: Reading,
  progress: Progress,
): AsyncIterable<Block> {
  if (file.isBroken) return;
  const before = progress.incomplete.length;
  yield* noting(streamOf(plan, pool, file, part, reading), reading.path, progress);
  if (progress.incomplete.length > before) file.isBroken = true;
}

async function* streamOf(
  plan: Plan,
  pool: JudgePool,
  file: PlainFile,
  part: Part,
  reading: Reading,
): AsyncIterable<Block> {
  const { blockSize, maxLine, onProgress } = plan;
  const { from, to } = file.rangeOf(part);
  if (from === to) return;
  const chunks = counted(file.bytes(from, to), reading, onProgress);
  const { padding } = reading;
  yield* readBlocks(chunks, { blockSize, maxLine, allocate: pool.allocate, offset: from, padding });
}

async function* wholeJobs(
  plan: Plan,
  pool: JudgePool,
  input: Input,
  reference: number,
  reading: Reading,
  progress: Progress,
): AsyncIterable<BlockJob> {
  const { path } = input;
  const onNotice = (notice: InputNotice): void => void reading.notices.push(notice);
  const { blockSize, maxLine } = plan;
  const chunks = counted(openInput(input, { ...openOptions(plan), onNotice }), reading, null);
  const { padding } = reading;
  const blocks = readBlocks(chunks, { blockSize, maxLine, allocate: pool.allocate, padding });
  let firstLine = 1;
  for await (const block of noting(blocks, path, progress)) {
    if (block.offset === 0) reading.recorded = startsWithEvent(block);
    if (plan.recordedOnly && !reading.recorded) throw noKey();
    const isNumbered = plan.judge.events || (plan.judge.audit && reading.recorded);
    const lines = isNumbered ? countLines(block) : 0;
    yield { block, path, reference, firstLine, recorded: reading.recorded };
    firstLine += lines;
  }
}

/** The same blocks; what keeps an input from being read to its end is noted. */
async function* noting(
  blocks: AsyncIterable<Block>,
  path: string,
  { incomplete }: Progress,
): AsyncIterable<Block> {
  try {
    yield* blocks;
  } catch (error) {
    if (!(error instanceof IncompleteInput)) throw error;
    incomplete.push({ path, reason: error.reason, detail: error.message });
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
  reading: Reading,
  onProgress: Plan['onProgress'],
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    reading.bytes += chunk.length;
    onProgress?.(chunk.length);
    yield chunk;
  }
}
