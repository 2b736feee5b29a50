import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ROOT, runCli } from '../support/cli.ts';
import { tempFile } from '../support/folder.ts';
import { analyzed } from '../support/invariants.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';

const env = KEY_ENV;
const NOW = ['--now', '2023-09-22T12:00:00Z'];

/** Log lines numbered by their user, long enough that gzip cannot hold them in one piece. */
const logOf = (from: number, to: number): string => {
  let text = '';
  for (let i = from; i < to; i++) {
    text += line('2023-09-22 10:00:00,123', mint({ user_id: `user-${i}`, exp: 1_700_000_000 }));
  }
  return text;
};
const LOG = logOf(0, 4000);

/** Whether a program is there; says so aloud where a test must be skipped. */
const hasProgram = (name: string): boolean => {
  const found = spawnSync(name, ['--version'], { input: '' }).error === undefined;
  if (!found) process.stderr.write(`skipped: no program ${name} on PATH\n`);
  return found;
};

describe('gzip', () => {
  test('row 14: gzip is known by its first bytes, not by its name', async () => {
    const plain = await analyzed([tempFile('a.log.gz', LOG), ...NOW], { env });
    const packed = await analyzed([tempFile('a.log', gzipSync(LOG)), ...NOW], { env });
    expect(plain.summary.totals.verdicts.valid).toBe(4000);
    expect(packed.summary.totals).toEqual(plain.summary.totals);
    // Bytes are those of the log, so that a report does not depend on how it lay on the disk.
    expect(packed.summary.inputs[0]!.bytes).toBe(LOG.length);
    expect(packed.code).toBe(0);
  });

  test('row 14: all members of a gzip file are read, also where a line spans two', async () => {
    const cut = LOG.length - 77;
    const members = [LOG.slice(0, 100), '', LOG.slice(100, cut), LOG.slice(cut)];
    const path = tempFile('a.log', Buffer.concat(members.map((part) => gzipSync(part))));
    const { summary, code, stderr } = await analyzed([path, ...NOW], { env });
    expect(code).toBe(0);
    expect(stderr).not.toContain('gzip');
    expect(summary.totals).toMatchObject({ lines: 4000, tokens: 4000, distinct_tokens: 4000 });
  });

  test('row 15: of a truncated gzip all that gzip -dc recovers is counted, then exit 3', async () => {
    const packed = gzipSync(LOG);
    const half = packed.subarray(0, Math.floor(packed.length / 2));
    const path = tempFile('a.log.gz', half);
    const recovered = spawnSync('gzip', ['-dc'], { input: half, maxBuffer: 2 ** 27 }).stdout;
    const complete = recovered.toString('latin1').split('\n').length - 1;
    expect(complete).toBeGreaterThan(1500);
    const { summary, code, stderr } = await analyzed([path, ...NOW], { env });
    expect(code).toBe(3);
    expect(summary.totals.verdicts.valid).toBe(complete);
    expect(summary.inputs[0]!.bytes).toBeGreaterThanOrEqual(recovered.length);
    expect(summary.incomplete).toEqual([
      { path, reason: 'truncated', detail: `unexpected end of gzip at byte ${half.length}` },
    ]);
    expect(stderr).toContain(
      `${path} (truncated): unexpected end of gzip at byte ${half.length}\n`,
    );
  });

  test('row 15: the report for people says first and last that something is missing', async () => {
    const packed = gzipSync(LOG);
    const path = tempFile('a.log.gz', packed.subarray(0, packed.length - 100));
    for (const format of ['table', 'markdown']) {
      const { stdout, code } = await runCli(['analyze', path, ...NOW, '--format', format], { env });
      expect(code).toBe(3);
      expect(stdout).toContain('INCOMPLETE: 1 input was not read to the end');
      expect(stdout).toMatch(/unexpected end of/);
    }
  });

  test('row 16: bytes after the gzip data cost no line and are remarked on', async () => {
    const path = tempFile('a.log.gz', Buffer.concat([gzipSync(LOG), Buffer.from('oops\n')]));
    const { summary, code, stderr } = await analyzed([path, ...NOW], { env });
    expect(code).toBe(0);
    expect(summary.totals.verdicts.valid).toBe(4000);
    expect(summary.notices).toContainEqual({
      code: 'trailing_garbage',
      message: expect.stringMatching(/a\.log\.gz: the gzip data ends at byte \d+/) as string,
      count: 1,
    });
    expect(stderr).toContain(`${path}: the gzip data ends at byte`);
    const events = await runCli(['events', path, ...NOW], { env });
    expect(events.code).toBe(0);
    expect(events.stderr).toContain(`${path}: the gzip data ends at byte`);
  });

  test('row 16: zeros after the gzip data are padding, as tapes and disks write it', async () => {
    const path = tempFile('a.log.gz', Buffer.concat([gzipSync(LOG), Buffer.alloc(5000)]));
    const { summary, code, stderr } = await analyzed([path, ...NOW], { env });
    expect(code).toBe(0);
    expect(stderr).not.toContain('gzip');
    expect(summary.totals.verdicts.valid).toBe(4000);
  });

  test('row 17: a gzip file of 17 bytes is incomplete, not a crash', async () => {
    const vectors = process.env['AUTHLOG_VECTORS'] ?? join(ROOT, '../shared/vectors');
    const found = join(vectors, 'lnav/test/textfile_broken_gz.txt.gz');
    if (!existsSync(found)) process.stderr.write(`skipped: there is no ${found}\n`);
    const own = tempFile('a.log', gzipSync(LOG).subarray(0, 17));
    for (const path of existsSync(found) ? [own, found] : [own]) {
      const { summary, code, stderr } = await analyzed([path, ...NOW], { env });
      expect(code).toBe(3);
      expect(summary.totals.tokens).toBe(0);
      expect(summary.incomplete).toMatchObject([{ path }]);
      expect(stderr).not.toContain('internal error');
    }
  });

  test('row 17: a gzip file with a flipped bit is corrupt, and what came before it counts', async () => {
    const packed = gzipSync(LOG);
    packed[Math.floor(packed.length * 0.7)]! ^= 0x10;
    const path = tempFile('a.log', packed);
    expect(() => gunzipSync(packed)).toThrow();
    const good = tempFile('b.log', logOf(5000, 5010));
    const { summary, code } = await analyzed([path, good, ...NOW], { env });
    expect(code).toBe(3);
    expect(summary.incomplete).toMatchObject([{ path, reason: 'corrupt' }]);
    expect(summary.totals.verdicts.valid).toBeGreaterThan(1000);
    expect(summary.inputs[1]!.lines).toBe(10);
  });
});

describe('other packers', () => {
  test.each(['zstd', 'bzip2', 'xz'])('row 19: %s is unpacked by its own program', async (name) => {
    if (!hasProgram(name)) return;
    const packed = spawnSync(name, ['-c'], { input: LOG, maxBuffer: 2 ** 27 }).stdout;
    const { summary, code } = await analyzed([tempFile('a.log', packed), ...NOW], { env });
    expect(code).toBe(0);
    expect(summary.totals.verdicts.valid).toBe(4000);
    const half = tempFile('a.log', packed.subarray(0, Math.floor(packed.length / 2)));
    const cut = await analyzed([half, ...NOW], { env });
    expect(cut.code).toBe(3);
    expect(cut.summary.incomplete).toMatchObject([{ path: half, reason: 'truncated' }]);
  });

  test('row 19: a zip archive is not read as an empty log', async () => {
    const path = tempFile('a.log', Buffer.from('PK\x03\x04\x14\0\0\0\b\0\0\0', 'latin1'));
    const { summary, code, stderr } = await analyzed([path, ...NOW], { env });
    expect(code).toBe(3);
    expect(summary.incomplete).toMatchObject([{ path, reason: 'unsupported' }]);
    expect(stderr).toContain(`unzip -p ${path} | authlog analyze -`);
  });

  test('row 19: without the program for it a packed log says what to pipe it through', async () => {
    const path = tempFile('a.log', Buffer.from('\xfd7zXZ\0\0\x04\xe6\xd6', 'latin1'));
    const before = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    const { summary, code, stderr } = await analyzed([path, ...NOW], { env }).finally(() => {
      process.env['PATH'] = before;
    });
    expect(code).toBe(3);
    expect(summary.incomplete).toMatchObject([{ path, reason: 'unsupported' }]);
    expect(stderr).toContain(`xzcat ${path} | authlog analyze -`);
  });
});
