import { appendFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openInput } from '../../src/source/open.ts';
import type { OpenedFile } from '../../src/source/raw.ts';
import { fileInput, readAll, sampleLog, tempDir, written } from './reading.ts';

const readInSteps = async (
  path: string,
  betweenChunks: (turn: number) => void,
): Promise<{ text: string; error: unknown }> => {
  let text = '';
  let turn = 0;
  try {
    const io = { stdin: Readable.from([]), chunkSize: 8192 };
    for await (const chunk of openInput(fileInput(path), io)) {
      text += Buffer.from(chunk).toString();
      betweenChunks(turn++);
    }
  } catch (error) {
    return { text, error };
  }
  return { text, error: null };
};

describe('files that change while they are read', () => {
  test('row 23: a file that grows is read to its size at open', async () => {
    const log = sampleLog(500).toString();
    const path = written(log);
    const { text, error } = await readInSteps(path, () => appendFileSync(path, 'later\n'));
    expect(error).toBeNull();
    expect(text).toBe(log);
  });

  test('row 24: a file that shrinks is told as changed, with what was read', async () => {
    const log = sampleLog(500).toString();
    const path = written(log);
    const { text, error } = await readInSteps(path, () => truncateSync(path, 10_000));
    // One chunk was read ahead, before or after: what was there then was there.
    expect([10_000, 16_384]).toContain(text.length);
    expect(text).toBe(log.slice(0, text.length));
    expect(error).toMatchObject({
      reason: 'changed',
      message: `truncated while reading, at byte ${text.length} of ${log.length}`,
    });
  });

  test('row 25: a file rotated away is finished, not its successor', async () => {
    const log = sampleLog(500).toString();
    const path = written(log);
    const { text, error } = await readInSteps(path, (turn) => {
      if (turn > 0) return;
      renameSync(path, `${path}.1`);
      writeFileSync(path, 'successor\n'.repeat(10_000));
    });
    expect(error).toBeNull();
    expect(text).toBe(log);
  });

  test('row 26: a read error keeps earlier bytes and names the offset', async () => {
    const log = sampleLog(500);
    const path = written(log);
    let closed = false;
    const failing = async (name: string): Promise<OpenedFile> => {
      const file = await open(name);
      return {
        fd: file.fd,
        stat: () => file.stat(),
        read: (buffer, offset, length, position) =>
          (position ?? 0) >= 8192
            ? Promise.reject(Object.assign(new Error('EIO'), { errno: -5, code: 'EIO' }))
            : file.read(buffer, offset, length, position),
        close: () => {
          closed = true;
          return file.close();
        },
      };
    };
    const { bytes, error } = await readAll(fileInput(path), { open: failing, chunkSize: 4096 });
    expect(bytes).toEqual(log.subarray(0, 8192));
    expect(error).toMatchObject({
      reason: 'unreadable',
      message: `cannot read ${path} at byte 8192: i/o error`,
    });
    expect(closed).toBe(true);
  });
});

const counting = (): {
  open: (path: string) => Promise<OpenedFile>;
  now: () => number;
  most: () => number;
} => {
  let now = 0;
  let most = 0;
  return {
    now: () => now,
    most: () => most,
    open: async (path) => {
      const file = await open(path);
      now++;
      most = Math.max(most, now);
      return {
        fd: file.fd,
        stat: () => file.stat(),
        read: (buffer, offset, length, position) => file.read(buffer, offset, length, position),
        close: () => {
          now--;
          return file.close();
        },
      };
    },
  };
};

describe('handles', () => {
  test('row 28: an input opens nothing before it is read, and holds nothing after', async () => {
    const dir = tempDir();
    const handles = counting();
    const io = { stdin: Readable.from([]), open: handles.open };
    const streams = Array.from({ length: 300 }, (_, n) => {
      const path = join(dir, `${n}.log`);
      writeFileSync(path, 'line\n');
      return openInput(fileInput(path), io);
    });
    expect(handles.most()).toBe(0);
    for (const stream of streams) {
      for await (const chunk of stream) expect(chunk.length).toBe(5);
      expect(handles.now()).toBe(0);
    }
    expect(handles.most()).toBe(1);
  });

  test('row 28: a reader that stops early leaves no file open', async () => {
    const handles = counting();
    const log = sampleLog(5000);
    for (const raw of [log, gzipSync(log)]) {
      const io = { stdin: Readable.from([]), open: handles.open, chunkSize: 4096 };
      for await (const chunk of openInput(fileInput(written(raw)), io)) {
        expect(chunk.length).toBeGreaterThan(0);
        expect(handles.now()).toBe(1);
        break;
      }
      expect(handles.now()).toBe(0);
    }
  });

  test('row 28: an input that is refused is closed', async () => {
    const handles = counting();
    const path = written(`PK\x03\x04${'x'.repeat(10_000)}`);
    const { error } = await readAll(fileInput(path), { open: handles.open, chunkSize: 4096 });
    expect(error?.reason).toBe('unsupported');
    expect([handles.most(), handles.now()]).toEqual([1, 0]);
  });

  test('relative paths start at the given directory', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'sub', 'a.log'), 'line\n');
    const { bytes } = await readAll(fileInput('sub/a.log'), { cwd: dir });
    expect(bytes.toString()).toBe('line\n');
  });
});
