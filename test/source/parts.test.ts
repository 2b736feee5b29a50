import { Buffer } from 'node:buffer';
import { truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block } from '../../src/source/block.ts';
import { NulPadding, readBlocks } from '../../src/source/blocks.ts';
import { readPart } from '../../src/source/parts.ts';
import { PlainFile } from '../../src/source/plain-file.ts';
import { hostileText } from './hostile-text.ts';
import { blocksOf, linesOf, slowLines } from './lines.ts';
import { tempDir, written } from './reading.ts';

interface Outcome {
  /** Of each part. */
  readonly parts: readonly (readonly Block[])[];
  readonly padding: NulPadding;
  /** Parts that could be judged by themselves. */
  readonly plain: number;
}

const opened = async (path: string): Promise<PlainFile> => {
  const file = await PlainFile.open(path, '/', 1);
  if (file === null) throw new Error('this file is not read in parts');
  return file;
};

/** Reads a file part by part, and what no part can be by itself from its start to its end. */
const inParts = async (path: string, size: number, maxLine: number): Promise<Outcome> => {
  const file = await opened(path);
  const parts: Block[][] = [];
  const padding = new NulPadding();
  let plain = 0;
  for (let from = 0; from < file.size; from += size) {
    const part = file.part(from, from + size, maxLine);
    const block = readPart(part, (length) => new Uint8Array(length).fill(0x0a));
    if (block !== null) plain++;
    const { from: start, to: end } = file.rangeOf(part);
    const whole = { blockSize: 16, maxLine, offset: start, padding };
    const blocks = block === null ? readBlocks(file.bytes(start, end), whole) : [block];
    const found: Block[] = [];
    for await (const one of blocks) found.push(one);
    parts.push(found);
  }
  await file.letGo();
  return { parts, padding, plain };
};

/** Lines that begin a part though they are the event of the line before. */
const tornPairs = ({ parts }: Outcome): string[] => {
  const lines = parts.map((blocks) => linesOf(blocks));
  const all = lines.flat();
  return lines.flatMap(([first]) => {
    const before = all[all.indexOf(first!) - 1];
    if (first === undefined || before === undefined || before.cut) return [];
    const isNext = before.offset + before.text.length === first.offset;
    const areEvents = [before, first].map(({ text }) => text.includes('User Log: '));
    // An event ends a pair: the one behind it has none.
    return isNext && areEvents[1] === true && areEvents[0] === false ? [first.text] : [];
  });
};

describe('a file read in parts', () => {
  test('row 13: has the same lines, offsets, cuts and padding for every size of a part', async () => {
    const path = `${tempDir()}/a.log`;
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(
        hostileText.filter(({ length }) => length > 0),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 60 }),
        async (bytes, size, maxLine) => {
          writeFileSync(path, bytes);
          const whole = new NulPadding();
          await blocksOf(bytes, [7], { blockSize: 16, maxLine, padding: whole });
          const outcome = await inParts(path, size, maxLine);
          expect(linesOf(outcome.parts.flat())).toEqual(slowLines(bytes, maxLine));
          expect(outcome.padding).toEqual(whole);
          expect(tornPairs(outcome)).toEqual([]);
          plain += outcome.plain;
        },
      ),
      { seed: 13, numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(3000);
  });

  test('an event stays with the line that it ends, at every offset', async () => {
    const log = 'a Token: x\nb User Log: y\nc Token: z\nUser Log: 1\nUser Log: 2\nd\n';
    const path = written(log);
    for (let size = 1; size < log.length + 2; size++) {
      const outcome = await inParts(path, size, 100);
      expect(outcome.plain).toBe(outcome.parts.length);
      expect(tornPairs(outcome)).toEqual([]);
      expect(linesOf(outcome.parts.flat()).map(({ text }) => text)).toEqual(log.split(/(?<=\n)/));
    }
  });

  test('lines far longer than what is read behind a part are found by it', async () => {
    const log = ['x', 'y', 'z', 'User Log: w'].map((c) => `${c}${c[0]!.repeat(70_000)}\n`).join('');
    const outcome = await inParts(written(log), 1000, 1 << 20);
    expect(outcome.plain).toBe(outcome.parts.length);
    expect(linesOf(outcome.parts.flat())).toEqual(slowLines(Buffer.from(log), 1 << 20));
  });

  test('a line without an end is looked through once, not once for each part', async () => {
    const path = written(Buffer.concat([Buffer.from('a\n'), Buffer.alloc(300_000, 'b')]));
    const file = await opened(path);
    const starts = [1, 2, 3, 100, 70_000, 299_000].map(
      (at) => file.rangeOf(file.part(at, at, 100)).from,
    );
    expect(starts).toEqual([2, 2, 300_002, 300_002, 300_002, 300_002]);
    await file.letGo();
  });

  test('that can no longer be read has no boundaries', async () => {
    const file = await opened(written('line\n'.repeat(1000)));
    expect(file.rangeOf(file.part(7, 1007, 100))).toEqual({ from: 10, to: 1010 });
    await file.letGo();
    expect(file.rangeOf(file.part(0, 2007, 100))).toEqual({ from: 0, to: 5000 });
    expect(() => file.rangeOf(file.part(2007, 3007, 100))).toThrow(
      /^cannot read .* at byte 2007: /,
    );
    expect(readPart(file.part(10, 20, 100), (size) => new Uint8Array(size))).toBeNull();
  });

  test('row 24: that shrinks is told as changed, with what was read', async () => {
    const path = written('line\n'.repeat(1000));
    const file = await opened(path);
    truncateSync(path, 2000);
    expect(readPart(file.part(1500, 3000, 100), (size) => new Uint8Array(size))).toBeNull();
    const read: number[] = [];
    await expect(async () => {
      for await (const bytes of file.bytes(1500, 3000)) read.push(bytes.length);
    }).rejects.toMatchObject({
      reason: 'changed',
      message: 'truncated while reading, at byte 2000 of 5000',
    });
    expect(read).toEqual([500]);
    await file.letGo();
  });
});

describe('files that one thread must read from their start', () => {
  const text = 'a line of a log\n'.repeat(1000);
  test.each<[string, string | Uint8Array]>([
    ['compressed ones', gzipSync(text)],
    ['those in UTF-16', Buffer.from(text, 'utf16le')],
    ['those with a byte-order mark', `\uFEFF${text}`],
    ['short ones', 'a\n'],
  ])('are %s', async (_name, content) => {
    expect(await PlainFile.open(written(content), '/', 100)).toBeNull();
    expect(await PlainFile.open(written(text), '/', 100)).not.toBeNull();
  });

  test('are those that are none, or none that can be opened', async () => {
    expect(await PlainFile.open(tempDir(), '/', 0)).toBeNull();
    expect(await PlainFile.open('/dev/null', '/', 0)).toBeNull();
    expect(await PlainFile.open(`${tempDir()}/nothing`, '/', 0)).toBeNull();
  });
});
