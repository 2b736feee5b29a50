import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { AuthlogError } from '../errors.ts';
import { systemReason } from '../source/system-error.ts';
import { MAX_LINE } from './bounded.ts';
import { ChainCheck } from './chain-check.ts';
import type { Finding } from './finding.ts';
import { LineSplitter } from './line-splitter.ts';

export interface CheckOptions {
  /** A hash noted elsewhere: its record must be there. */
  readonly expect?: string | null;
  /** Hash of the record before the first: earlier files were deleted on purpose. */
  readonly after?: string | null;
}

/** What a check of a chained log found; `schema/authlog.log-check-1.json` describes it. */
export interface LogCheck {
  readonly schema: 'authlog.log-check/1';
  readonly intact: boolean;
  readonly files: readonly string[];
  /** Up to the first thing that is wrong. */
  readonly records: number;
  readonly chains: number;
  readonly torn_lines: number;
  readonly first_time: string | null;
  readonly last_time: string | null;
  /** Hash of the last record: to note elsewhere, and to be given to `--expect` one day. */
  readonly head: string | null;
  readonly finding: Finding | null;
}

const LIMIT = MAX_LINE * 4;

/** Verifies the chain through `files`, oldest first, and names the first thing that is wrong. */
export const checkLog = async (
  files: readonly string[],
  { expect = null, after = null }: CheckOptions = {},
): Promise<LogCheck> => {
  let isExpectedThere = expect === null || expect === after;
  const check = new ChainCheck(after, (hash) => {
    if (hash === expect) isExpectedThere = true;
  });
  for (const file of files) {
    await checkFile(file, check);
    if (check.finding !== null) break;
  }
  if (check.finding === null) check.end();
  const finding = check.finding ?? (isExpectedThere ? null : TRUNCATED);
  return {
    schema: 'authlog.log-check/1',
    intact: finding === null,
    files,
    records: check.records,
    chains: check.chains,
    torn_lines: check.tornLines,
    first_time: check.firstTime,
    last_time: check.lastTime,
    head: check.records === 0 ? null : check.head.hash,
    finding,
  };
};

const TRUNCATED: Finding = {
  kind: 'truncated',
  file: null,
  line: null,
  record: null,
  message: 'no record has the expected hash: the end of the log was cut off, or all of it replaced',
};

const checkFile = async (path: string, check: ChainCheck): Promise<void> => {
  check.beginFile(path);
  const splitter = new LineSplitter(LIMIT);
  try {
    for await (const chunk of await bytesOf(path)) {
      for (const line of splitter.push(chunk as Buffer)) {
        check.add(line);
        if (check.finding !== null) return;
      }
    }
  } catch (error) {
    throw new AuthlogError('INPUT', `cannot read ${path}: ${systemReason(error)}`);
  }
  const last = splitter.end();
  if (last !== null) check.add(last);
};

const bytesOf = async (path: string): Promise<Readable> => {
  const stream = createReadStream(path, { highWaterMark: 262_144 });
  if (!path.endsWith('.gz')) return stream;
  const { createGunzip } = await import('node:zlib');
  const plain = createGunzip();
  stream.on('error', (error) => plain.destroy(error));
  return stream.pipe(plain);
};
