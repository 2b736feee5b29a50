import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlocks } from '../../src/source/blocks.ts';
import type { BlockOptions } from '../../src/source/blocks.ts';
import { IncompleteInput } from '../../src/source/input.ts';
import type { InputNotice } from '../../src/source/input.ts';
import { hostileText } from './hostile-text.ts';
import { blocksOf, inPieces, linesOf, slowLines } from './lines.ts';
import type { Line } from './lines.ts';

const lines = async (
  text: string,
  options: Partial<BlockOptions> = {},
  sizes: readonly number[] = [7],
): Promise<Line[]> =>
  linesOf(
    await blocksOf(Buffer.from(text, 'latin1'), sizes, {
      blockSize: 16,
      maxLine: 100,
      ...options,
    }),
  );

const pieceSizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 6 });

describe('lines', () => {
  test('row 13: the same lines, offsets and cuts for every chunk size and block size', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText,
        pieceSizes,
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 40 }),
        async (bytes, sizes, blockSize, maxLine) => {
          const blocks = await blocksOf(bytes, sizes, { blockSize, maxLine });
          expect(linesOf(blocks)).toEqual(slowLines(bytes, maxLine));
        },
      ),
      { seed: 13, numRuns: 3000 },
    );
  });

  test('row 13: chunks from one byte to 8 MiB cut a real-sized log alike', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 1000 }, (_, n) => `line ${n} Token: ${'x'.repeat(n % 300)}\n`).join(''),
    );
    const expected = slowLines(bytes, 250);
    for (const size of [1, 3, 64, 4096, 65_536, 1 << 20, 8 << 20]) {
      const blocks = await blocksOf(bytes, [size], { blockSize: 65_536, maxLine: 250 });
      expect(linesOf(blocks)).toEqual(expected);
    }
  });

  test('row 1: no bytes make no block', async () => {
    expect(await blocksOf(Buffer.alloc(0), [1], { blockSize: 8, maxLine: 8 })).toEqual([]);
  });

  test('row 4: a last line without newline is a line', async () => {
    expect(await lines('one\ntwo')).toEqual([
      { text: 'one\n', offset: 0, cut: false },
      { text: 'two', offset: 4, cut: false },
    ]);
  });

  test('row 6: only the newline ends a line, whatever else calls itself a separator', async () => {
    const odd = 'a\rb\vc\fd\x85e\xe2\x80\xa8f\xe2\x80\xa9g\r\n';
    expect(await lines(odd + 'h\n')).toEqual([
      { text: odd, offset: 0, cut: false },
      { text: 'h\n', offset: odd.length, cut: false },
    ]);
  });

  test('row 10: NUL bytes inside a line stay', async () => {
    expect(await lines('a\0b\0\0c\n')).toEqual([{ text: 'a\0b\0\0c\n', offset: 0, cut: false }]);
  });
});

describe('block borders', () => {
  test('a User Log line never starts a block whose line before could own it', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText,
        pieceSizes,
        fc.integer({ min: 1, max: 80 }),
        async (bytes, sizes, blockSize) => {
          const blocks = await blocksOf(bytes, sizes, { blockSize, maxLine: 60 });
          for (const [index, block] of blocks.entries()) {
            const before = blocks[index - 1];
            if (before === undefined || before.cut) continue;
            if (before.offset + before.length !== block.offset) continue;
            const first = linesOf([block]).at(0)?.text ?? '';
            const last = linesOf([before]).at(-1)?.text;
            if (first.includes('User Log: ')) expect(last).toContain('User Log: ');
          }
        },
      ),
      { seed: 5, numRuns: 2000 },
    );
  });

  test('a block ends after a newline, except the last and a cut one', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, fc.integer({ min: 1, max: 50 }), async (bytes, blockSize) => {
        const blocks = await blocksOf(bytes, [11], { blockSize, maxLine: 20 });
        for (const block of blocks.slice(0, -1)) {
          if (!block.cut) expect(block.bytes[block.length - 1]).toBe(10);
        }
      }),
      { seed: 6, numRuns: 1000 },
    );
  });

  test('blocks stay near the asked size when lines are short', async () => {
    const bytes = Buffer.from('0123456789\n'.repeat(10_000));
    const blocks = await blocksOf(bytes, [777], { blockSize: 4096, maxLine: 1000 });
    expect(blocks.length).toBeGreaterThan(26);
    expect(Math.max(...blocks.map(({ length }) => length))).toBeLessThanOrEqual(4096);
    expect(Math.min(...blocks.slice(0, -1).map(({ length }) => length))).toBeGreaterThan(4000);
  });

  test('a block owns its buffer from index 0, so that giving one away harms no other', async () => {
    const bytes = Buffer.from('0123456789\n'.repeat(500));
    let text = '';
    for await (const block of readBlocks(inPieces(bytes, [100]), { blockSize: 64, maxLine: 20 })) {
      expect(block.bytes.byteOffset).toBe(0);
      const { buffer } = block.bytes;
      if (!(buffer instanceof ArrayBuffer)) throw new TypeError('no buffer to give away');
      const moved = structuredClone(buffer, { transfer: [buffer] });
      text += Buffer.from(moved, 0, block.length).toString();
    }
    expect(text).toBe(bytes.toString());
  });
});

describe('over-long lines', () => {
  test('row 12: a line over the limit keeps its head, and offsets go on after it', async () => {
    const text = `${'a'.repeat(10)}\n${'b'.repeat(11)}\nc\n`;
    expect(await lines(text, { maxLine: 10 })).toEqual([
      { text: `${'a'.repeat(10)}\n`, offset: 0, cut: false },
      { text: 'b'.repeat(10), offset: 11, cut: true },
      { text: 'c\n', offset: 23, cut: false },
    ]);
  });

  test('row 12: a line without end needs no more than blockSize + 2 * maxLine', async () => {
    const piece = Buffer.alloc(1 << 20, 'a');
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${'f'.repeat(1 << 20)}\n`);
      for (let n = 0; n < 300; n++) yield piece;
      yield Buffer.from('\nlast\n');
    }
    let largest = 0;
    let given = 0;
    const allocate = (size: number): Uint8Array => {
      largest = Math.max(largest, size);
      given += size;
      return Buffer.allocUnsafeSlow(size);
    };
    const options = { blockSize: 1 << 16, maxLine: 1 << 20, allocate };
    const found: Line[] = [];
    for await (const block of readBlocks(endless(), options)) found.push(...linesOf([block]));
    expect(found.map(({ text, offset, cut }) => [text.length, offset, cut])).toEqual([
      [(1 << 20) + 1, 0, false],
      [1 << 20, (1 << 20) + 1, true],
      [5, 301 * (1 << 20) + 2, false],
    ]);
    expect(largest).toBeLessThanOrEqual((1 << 16) + 2 * (1 << 20) + 2);
    expect(given).toBeLessThan(8 << 20);
  });
});

const readPadded = async (
  bytes: Buffer,
  sizes: readonly number[],
): Promise<{ found: Line[]; notices: InputNotice[] }> => {
  const notices: InputNotice[] = [];
  const onNotice = (notice: InputNotice): number => notices.push(notice);
  const blocks = await blocksOf(bytes, sizes, { blockSize: 32, maxLine: 50, onNotice });
  return { found: linesOf(blocks), notices };
};

describe('NUL padding', () => {
  test('row 11: NUL bytes at the start of lines are skipped and told once, with the first offset', async () => {
    const bytes = Buffer.from('one\n\0\0\0two\n\0\n\0\0', 'latin1');
    for (const sizes of [[1], [2], [5], [64]]) {
      const { found, notices } = await readPadded(bytes, sizes);
      expect(found).toEqual([
        { text: 'one\n', offset: 0, cut: false },
        { text: 'two\n', offset: 7, cut: false },
        { text: '\n', offset: 12, cut: false },
      ]);
      expect(notices).toEqual([
        {
          code: 'nul_padding',
          message: 'skipped 6 NUL bytes at the start of 3 lines, the first at byte 4',
        },
      ]);
    }
  });

  test('row 11: a sparse head takes no memory', async () => {
    const zeros = Buffer.alloc(1 << 20);
    async function* sparse(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 300; n++) yield zeros;
      yield Buffer.from('after\n');
    }
    let given = 0;
    const allocate = (size: number): Uint8Array => {
      given += size;
      return Buffer.allocUnsafeSlow(size);
    };
    const found: Line[] = [];
    for await (const block of readBlocks(sparse(), { blockSize: 4096, maxLine: 4096, allocate })) {
      found.push(...linesOf([block]));
    }
    expect(found).toEqual([{ text: 'after\n', offset: 300 << 20, cut: false }]);
    expect(given).toBeLessThan(8192);
  });

  test('row 11: a NUL before every line does not cost a full buffer each', async () => {
    const bytes = Buffer.from('\0line\n'.repeat(2000), 'latin1');
    let given = 0;
    const allocate = (size: number): Uint8Array => {
      given += size;
      return Buffer.allocUnsafeSlow(size);
    };
    const blocks = await blocksOf(bytes, [4096], { blockSize: 1 << 20, maxLine: 100, allocate });
    expect(blocks).toHaveLength(2000);
    expect(given).toBe((1 << 20) + 2000 * 5);
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one\ntwo\nthr');
  throw new IncompleteInput('truncated', 'unexpected end');
}

test('row 15: when the source fails, what came before is given out, then the failure', async () => {
  const found: Line[] = [];
  const reading = (async () => {
    for await (const block of readBlocks(failing(), { blockSize: 1024, maxLine: 100 })) {
      found.push(...linesOf([block]));
    }
  })();
  await expect(reading).rejects.toThrow('unexpected end');
  expect(found.map(({ text }) => text)).toEqual(['one\n', 'two\n', 'thr']);
});
