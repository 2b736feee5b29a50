import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readBlocks } from '../../src/source/blocks.ts';
import { openInput } from '../../src/source/open.ts';
import { STDIN, fileInput, hasProgram, readAll, sampleLog, tempDir, written } from './reading.ts';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('plain files', () => {
  test('row 1: an empty file has no bytes and no fault', async () => {
    const { bytes, error, notices } = await readAll(fileInput(written('')));
    expect([bytes.length, error, notices]).toEqual([0, null, []]);
  });

  test('row 2: a missing file is unreadable, in plain words', async () => {
    const path = join(tempDir(), 'gone.log');
    const { error } = await readAll(fileInput(path));
    expect(error).toMatchObject({
      reason: 'unreadable',
      message: `cannot read ${path}: no such file or directory`,
    });
  });

  test('row 3: a directory opened by mistake is unreadable, not a crash', async () => {
    const { error } = await readAll(fileInput(tempDir()));
    expect(error?.reason).toBe('unreadable');
  });

  test('row 3: /dev/zero ends by rule, at flat memory', async () => {
    let allocated = 0;
    const allocate = (size: number): Uint8Array => {
      allocated += size;
      return Buffer.allocUnsafeSlow(size);
    };
    const stream = openInput(fileInput('/dev/zero'), { stdin: Readable.from([]) });
    const reading = (async () => {
      for await (const block of readBlocks(stream, {
        blockSize: 65_536,
        maxLine: 65_536,
        allocate,
      }))
        expect(block).toBeNull();
    })();
    await expect(reading).rejects.toMatchObject({ reason: 'unsupported' });
    expect(allocated).toBeLessThan(1 << 20);
  });

  test('row 3: /dev/null is an empty input', async () => {
    expect(await readAll(fileInput('/dev/null'))).toMatchObject({ error: null, rawBytes: 0 });
  });

  test('row 9: bytes that are no UTF-8 come through unchanged', async () => {
    const raw = Buffer.from('a\xff\xfeb\x80\n'.repeat(50), 'latin1');
    expect((await readAll(fileInput(written(raw)))).bytes).toEqual(raw);
  });

  test('row 13: any chunk size gives the same bytes', async () => {
    const log = sampleLog(40);
    for (const chunkSize of [1, 2, 9, 10, 11, 4095, 4096, 4097]) {
      const { bytes, rawBytes } = await readAll(fileInput(written(log)), { chunkSize });
      expect(bytes).toEqual(log);
      expect(rawBytes).toBe(log.length);
    }
  });

  test('row 27: a name with newline, escape or leading dash is only a name', async () => {
    for (const name of ['-x', 'a\u{1b}[2J\n.log', '-']) {
      const path = written('line\n', name);
      expect((await readAll(fileInput(path))).bytes.toString()).toBe('line\n');
    }
  });
});

describe('text encodings', () => {
  const text = `2023-09-22 10:00:00,123 - Token: aé😀\n${'line\n'.repeat(40)}`;

  test('row 7: a UTF-8 byte-order mark is no part of line 1', async () => {
    for (const chunkSize of [1, 3, 4096]) {
      const path = written(`\u{feff}${text}`);
      expect((await readAll(fileInput(path), { chunkSize })).bytes.toString()).toBe(text);
    }
  });

  test('row 8: UTF-16 of either order, with or without mark, becomes UTF-8 and is told', async () => {
    const forms: readonly (readonly [string, Buffer])[] = [
      ['LE', Buffer.from(`\u{feff}${text}`, 'utf16le')],
      ['BE', utf16be(`\u{feff}${text}`)],
      ['LE', Buffer.from(text, 'utf16le')],
      ['BE', utf16be(text)],
    ];
    for (const [order, raw] of forms) {
      for (const chunkSize of [1, 5, 4096]) {
        const { bytes, error, notices } = await readAll(fileInput(written(raw)), { chunkSize });
        expect(bytes.toString()).toBe(text);
        expect(error).toBeNull();
        expect(notices).toEqual([
          { code: 'utf16', message: `read as UTF-16${order}; offsets count its UTF-8 form` },
        ]);
      }
    }
  });

  test('row 8: half a character at the end of UTF-16 stays visible', async () => {
    const raw = Buffer.concat([Buffer.from('\u{feff}line\nx', 'utf16le'), Buffer.from('y')]);
    expect((await readAll(fileInput(written(raw)))).bytes.toString()).toBe('line\nx\u{fffd}');
  });

  test('row 8: a short UTF-16 text without mark is not guessed at', async () => {
    const raw = Buffer.from('too short', 'utf16le');
    expect((await readAll(fileInput(written(raw)))).bytes).toEqual(raw);
  });

  test('row 11: a NUL-padded head is not taken for UTF-16', async () => {
    for (const zeros of [1, 63, 64, 65, 2048, 4095, 4096, 10_000]) {
      const raw = Buffer.concat([Buffer.alloc(zeros), sampleLog(100)]);
      const { bytes, notices } = await readAll(fileInput(written(raw)));
      expect(bytes.equals(raw)).toBe(true);
      expect(notices).toEqual([]);
    }
  });

  test('row 11: a sparse file of 300 MB is read in chunks and skipped', async () => {
    const path = written('');
    truncateSync(path, 300 << 20);
    appendFileSync(path, 'after\n');
    const stream = openInput(fileInput(path), { stdin: Readable.from([]) });
    const found: [number, number][] = [];
    for await (const { offset, length } of readBlocks(stream, { blockSize: 4096, maxLine: 4096 })) {
      found.push([offset, length]);
    }
    expect(found).toEqual([[300 << 20, 6]]);
  });
});

async function* failingPipe(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one\n');
  throw Object.assign(new Error('x'), { errno: -5, code: 'EIO' });
}

describe('pipes', () => {
  test('row 20: standard input is read to its end', async () => {
    const stdin = new PassThrough();
    const reading = readAll(STDIN, { stdin });
    stdin.write('one\n');
    setImmediate(() => stdin.end('two\n'));
    const { bytes, rawBytes } = await reading;
    expect(bytes.toString()).toBe('one\ntwo\n');
    expect(rawBytes).toBe(8);
  });

  test('row 26: a failing standard input keeps what came and says where', async () => {
    const { bytes, error } = await readAll(STDIN, { stdin: Readable.from(failingPipe()) });
    expect(bytes.toString()).toBe('one\n');
    expect(error?.message).toBe('cannot read standard input at byte 4: i/o error');
  });

  test.skipIf(!hasProgram('mkfifo'))('row 20: a FIFO streams until its writer closes', async () => {
    const path = join(tempDir(), 'pipe');
    execFileSync('mkfifo', [path]);
    const reading = readAll(fileInput(path));
    const writer = await open(path, 'w');
    await writer.write('one\n');
    await writer.write('two\n');
    await writer.close();
    expect((await reading).bytes.toString()).toBe('one\ntwo\n');
  });

  test.skipIf(process.platform !== 'linux' || !hasProgram('mkfifo'))(
    'row 20: a pipe named /dev/fd/N, as process substitution gives it, streams',
    async () => {
      const path = join(tempDir(), 'pipe');
      execFileSync('mkfifo', [path]);
      const both = openSync(path, 'r+');
      const writer = openSync(path, 'w');
      writeSync(writer, 'one\ntwo\n');
      const stream = openInput(fileInput(`/dev/fd/${both}`), {
        stdin: Readable.from([]),
        open: async (name) => {
          const file = await open(name);
          closeSync(both);
          closeSync(writer);
          return file;
        },
      });
      let text = '';
      for await (const chunk of stream) text += Buffer.from(chunk).toString();
      expect(text).toBe('one\ntwo\n');
    },
  );
});
