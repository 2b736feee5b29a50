import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { readBlocks } from '../../src/source/blocks.ts';
import { openInput } from '../../src/source/open.ts';
import { hasZstd } from '../../src/source/unzstd.ts';
import { STDIN, fileInput, filter, hasProgram, readAll, sampleLog, tempDir } from './reading.ts';
import type { Outcome } from './reading.ts';

const readBytes = (bytes: Uint8Array, chunkSize = 4096, name = 'x'): Promise<Outcome> => {
  const path = join(tempDir(), name);
  writeFileSync(path, bytes);
  return readAll(fileInput(path), { chunkSize });
};

const log = sampleLog(3000);
const withGzip = hasProgram('gzip');

describe('gzip', () => {
  test('row 14: gzip is known by its magic number, whatever the name', async () => {
    const { bytes, error, notices } = await readBytes(gzipSync(log), 4096, 'plain.log');
    expect(bytes.equals(log)).toBe(true);
    expect([error, notices]).toEqual([null, []]);
  });

  test('row 14: a text file named .gz is read as text', async () => {
    expect((await readBytes(log, 4096, 'liar.gz')).bytes.equals(log)).toBe(true);
  });

  test('row 14: all members are read, wherever the chunks break', async () => {
    const members = Buffer.concat([gzipSync(log), gzipSync(''), gzipSync('two\n'), gzipSync(log)]);
    const expected = Buffer.concat([log, Buffer.from('two\n'), log]);
    for (const chunkSize of [17, 1000, gzipSync(log).length, 1 << 20]) {
      const { bytes, error, rawBytes } = await readBytes(members, chunkSize);
      expect(bytes.equals(expected)).toBe(true);
      expect(error).toBeNull();
      expect(rawBytes).toBe(members.length);
    }
  });

  test('row 14: optional header fields are skipped', async () => {
    const plain = gzipSync('line\n');
    const flags = 2 | 4 | 8 | 16;
    const fields = Buffer.from('\x03\x00abcname\0a comment\0\x12\x34', 'latin1');
    const member = Buffer.concat([plain.subarray(0, 10), fields, plain.subarray(10)]);
    member[3] = flags;
    for (const chunkSize of [1, 4096]) {
      expect((await readBytes(member, chunkSize)).bytes.toString()).toBe('line\n');
    }
  });

  test.skipIf(!withGzip)('row 15: a cut-off gzip gives all that gzip -dc gives', async () => {
    const whole = Buffer.concat([gzipSync(log), gzipSync(log)]);
    const first = gzipSync(log).length;
    const cuts = [2, 9, 10, 11, 500, first - 9, first - 4, first + 1, first + 5, whole.length - 1];
    for (const cut of cuts) {
      const part = whole.subarray(0, cut);
      const { bytes, error } = await readBytes(part);
      const theirs = filter('gzip', ['-dc'], part);
      expect(bytes.length).toBeGreaterThanOrEqual(theirs.length);
      expect(Buffer.concat([log, log]).subarray(0, bytes.length).equals(bytes)).toBe(true);
      if (cut === first + 1) continue;
      expect(error).toMatchObject({
        reason: 'truncated',
        message: `unexpected end of gzip at byte ${cut}`,
      });
    }
  });

  test.skipIf(!withGzip)('row 16: trailing garbage costs no byte and is told', async () => {
    for (const garbage of ['X\n', 'X'.repeat(100_000), '\0\0\0X', '\x1f']) {
      const bytes = Buffer.concat([gzipSync(log), Buffer.from(garbage, 'latin1')]);
      for (const chunkSize of [100, 1 << 20]) {
        const outcome = await readBytes(bytes, chunkSize);
        expect(outcome.bytes.equals(filter('gzip', ['-dc'], bytes))).toBe(true);
        expect(outcome.error).toBeNull();
        expect(outcome.notices.map(({ code }) => code)).toEqual(['trailing_garbage']);
      }
    }
  });

  test('row 16: zero padding after the last member is no garbage', async () => {
    const padded = Buffer.concat([gzipSync(log), Buffer.alloc(5000)]);
    const { bytes, error, notices } = await readBytes(padded);
    expect(bytes.equals(log)).toBe(true);
    expect([error, notices]).toEqual([null, []]);
  });

  test('row 17: broken gzip is corrupt, not a crash', async () => {
    const broken = Buffer.from('\x1f\x8b\x08\x00000000:000000', 'latin1');
    expect((await readBytes(broken)).error?.reason).toBe('corrupt');
    expect((await readBytes(Buffer.from('\x1f\x8bno gzip at all', 'latin1'))).error).not.toBeNull();
  });

  test('row 17: a wrong checksum or length is corrupt, after all bytes came', async () => {
    for (const fromEnd of [8, 4]) {
      const wrong = gzipSync(log);
      wrong.writeUInt8(wrong.readUInt8(wrong.length - fromEnd) ^ 1, wrong.length - fromEnd);
      const { bytes, error } = await readBytes(wrong);
      expect(bytes.equals(log)).toBe(true);
      expect(error?.reason).toBe('corrupt');
    }
  });

  test('row 17: every single-bit flip is noticed or harmless', async () => {
    const whole = gzipSync('a few lines\n'.repeat(3));
    for (let bit = 16; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const { bytes, error } = await readBytes(flipped);
      if (error === null) expect(bytes.toString()).toBe('a few lines\n'.repeat(3));
    }
  });

  const vectors =
    process.env['AUTHLOG_VECTORS'] ??
    fileURLToPath(new URL('../../../shared/vectors', import.meta.url));
  const brokenFile = join(vectors, 'lnav/test/textfile_broken_gz.txt.gz');
  const hasVector = existsSync(brokenFile);
  if (!hasVector) process.stderr.write(`skipped: no file ${brokenFile}\n`);

  test.skipIf(!hasVector)('row 17: the 17-byte gzip of lnav is corrupt', async () => {
    expect((await readBytes(readFileSync(brokenFile))).error?.reason).toBe('corrupt');
  });

  test('row 18: 300 MB out of 300 kB take no memory, zeros or one long line', async () => {
    for (const byte of ['\0', 'a']) {
      const member = gzipSync(Buffer.alloc(10 << 20, byte, 'latin1'));
      const bomb = Buffer.concat([
        ...Array.from({ length: 30 }, () => member),
        gzipSync('\nend\n'),
      ]);
      const path = join(tempDir(), 'bomb');
      writeFileSync(path, bomb);
      let longestChunk = 0;
      let given = 0;
      const measured = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of openInput(fileInput(path), { stdin: Readable.from([]) })) {
          longestChunk = Math.max(longestChunk, chunk.length);
          yield chunk;
        }
      };
      const allocate = (size: number): Uint8Array => {
        given += size;
        return Buffer.allocUnsafeSlow(size);
      };
      let last = '';
      for await (const block of readBlocks(measured(), {
        blockSize: 4096,
        maxLine: 4096,
        allocate,
      })) {
        last = Buffer.from(block.bytes.buffer, 0, block.length).toString();
      }
      expect(last.endsWith('end\n')).toBe(true);
      expect(longestChunk).toBeLessThanOrEqual(1 << 20);
      expect(given).toBeLessThan(1 << 16);
    }
  });

  test('row 20: standard input may be gzip', async () => {
    const stdin = Readable.from([gzipSync(log).subarray(0, 7), gzipSync(log).subarray(7)]);
    expect((await readAll(STDIN, { stdin })).bytes.equals(log)).toBe(true);
  });

  test('row 7: a byte-order mark and UTF-16 are found under compression', async () => {
    const marked = gzipSync(Buffer.from(`\u{feff}${'line\n'.repeat(50)}`, 'utf16le'));
    expect((await readBytes(marked)).bytes.toString()).toBe('line\n'.repeat(50));
  });

  test('row 26: a read error inside gzip is told as a read error, after what came', async () => {
    const whole = gzipSync(log);
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield whole.subarray(0, 20_000);
      throw Object.assign(new Error('x'), { errno: -5, code: 'EIO' });
    }
    const { bytes, error } = await readAll(STDIN, { stdin: Readable.from(failing()) });
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(error).toMatchObject({ reason: 'unreadable' });
  });
});

for (const program of ['zstd', 'bzip2', 'xz']) {
  describe.skipIf(!hasProgram(program))(program, () => {
    const packed = hasProgram(program) ? filter(program, ['-c'], log) : Buffer.alloc(0);

    test('row 19: decoded, several streams in a row too, from file and standard input', async () => {
      const two = Buffer.concat([packed, packed]);
      for (const chunkSize of [97, 1 << 20]) {
        const { bytes, error, notices, rawBytes } = await readBytes(two, chunkSize);
        expect(bytes.equals(Buffer.concat([log, log]))).toBe(true);
        expect([error, notices, rawBytes]).toEqual([null, [], two.length]);
      }
      const piped = await readAll(STDIN, { stdin: Readable.from([packed]) });
      expect(piped.bytes.equals(log)).toBe(true);
    });

    test('row 19: cut-off data gives what the program gives, then says truncated', async () => {
      const part = packed.subarray(0, packed.length - 5);
      const { bytes, error } = await readBytes(part);
      expect(bytes.length).toBeGreaterThanOrEqual(filter(program, ['-dc'], part).length);
      expect(log.subarray(0, bytes.length).equals(bytes)).toBe(true);
      expect(error?.reason).toBe('truncated');
    });

    test('row 19: corrupt data is told', async () => {
      const flipped = Buffer.from(packed);
      const middle = flipped.length >> 1;
      flipped.writeUInt8(flipped.readUInt8(middle) ^ 0x55, middle);
      expect((await readBytes(flipped)).error?.reason).toMatch(/^(?:corrupt|truncated)$/);
    });

    test('row 28: a reader that stops early leaves no child behind', async () => {
      const path = join(tempDir(), 'x');
      writeFileSync(path, Buffer.concat(Array.from({ length: 50 }, () => packed)));
      for await (const chunk of openInput(fileInput(path), { stdin: Readable.from([]) })) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
    });
  });
}

describe('formats that cannot be read here', () => {
  const realPath = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = realPath;
  });

  for (const [program, cat, head] of [
    ['zstd', 'zstdcat', '\x28\xb5\x2f\xfd\x04\x00some bytes'],
    ['bzip2', 'bzcat', 'BZh91AY&SYsome bytes'],
    ['xz', 'xzcat', '\xfd7zXZ\0some bytes'],
  ] as const) {
    test.skipIf(program === 'zstd' && hasZstd)(
      `row 19: without a ${program} program the message says what to do`,
      async () => {
        const path = join(tempDir(), 'a.log');
        writeFileSync(path, head, 'latin1');
        process.env['PATH'] = '/nonexistent';
        const { bytes, error } = await readAll(fileInput(path));
        expect(bytes.length).toBe(0);
        expect(error).toMatchObject({
          reason: 'unsupported',
          message: `${path} is compressed with ${program} and no ${program} program was found; install ${program} or pipe: ${cat} ${path} | authlog analyze -`,
        });
      },
    );
  }

  test('row 19: a zip archive is named as one', async () => {
    const { error } = await readAll(STDIN, {
      stdin: Readable.from([Buffer.from('PK\x03\x04 and so on')]),
    });
    expect(error).toMatchObject({
      reason: 'unsupported',
      message:
        'standard input is a zip archive, which is not read directly; pipe: … | unzip -p | authlog analyze -',
    });
  });

  test('row 27: a hostile name is not put into the command to paste', async () => {
    const path = join(tempDir(), 'a;reboot.log');
    writeFileSync(path, 'PK\x03\x04 and so on');
    const { error } = await readAll(fileInput(path));
    expect(error?.message).toContain('pipe: unzip -p FILE | authlog analyze -');
  });

  test('row 19: a log line that begins like a magic word is text', async () => {
    for (const text of ['BZh9 is a login\n', 'PK is a user\n', 'P*M\x18 x\n'.slice(0, 3)]) {
      expect((await readBytes(Buffer.from(text))).bytes.toString()).toBe(text);
    }
  });
});

test.skipIf(!hasZstd || !hasProgram('zstd'))(
  'row 19: zstd by Node itself: every cut is told, skippable frames and raw blocks too',
  async () => {
    const raw = spawnSync('zstd', ['-c', '--no-check'], { input: 'ab' }).stdout;
    const skippable = Buffer.from('\x50\x2a\x4d\x18\x03\x00\x00\x00abc', 'latin1');
    const whole = Buffer.concat([skippable, raw, filter('zstd', ['-c'], log)]);
    const { bytes, error } = await readBytes(whole);
    expect(bytes.equals(Buffer.concat([Buffer.from('ab'), log]))).toBe(true);
    expect(error).toBeNull();
    for (let cut = 4; cut < whole.length; cut += 1 + (cut >> 3)) {
      if (cut === skippable.length || cut === skippable.length + raw.length) continue;
      expect((await readBytes(whole.subarray(0, cut))).error?.reason).toBe('truncated');
    }
  },
);
