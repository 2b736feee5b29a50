import { chmodSync, statSync, truncateSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { createRandom, type Random } from '../oracle/random.ts';
import { randomBlock } from '../kernel/random-lines.ts';
import { TokenSource } from '../kernel/random-tokens.ts';
import { runCli, spawnCli } from '../support/cli.ts';
import { tempFile } from '../support/folder.ts';
import { RING, takeTaken } from '../kernel/twins.ts';
import { claims, logOf, mint, NOW, SECRET } from '../support/tokens.ts';

const ENV = { AUTHLOG_SECRET: SECRET };
/** No file has so many blocks of this size that it is read in parts. */
const WHOLE = ['--block-size', '1MiB'];

/** Lines of many formats, events, NUL bytes at the start of lines, and lines far longer than a part. */
const hostileLog = (random: Random, lines: number): Buffer => {
  const source = new TokenSource(random, { mutated: 10 });
  const pieces = Array.from({ length: lines }, (): Buffer | string => {
    if (random.once(30)) return `${'\0'.repeat(1 + random.below(400))}# after a hole\n`;
    if (random.once(40)) return `${'x'.repeat(1000 + random.below(4000))} ${source.next()}\n`;
    if (random.once(4)) return `2023-09-22 10:00:01,000 - User Log: 'u${random.below(9)}' - ok\n`;
    return randomBlock(random, 1, 4, () => source.next()).bytes;
  });
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
};

const written = (log: Uint8Array): string => {
  const path = tempFile('a.log', Buffer.concat([Buffer.from('# a log\n'), log]));
  chmodSync(path, 0o600);
  return path;
};

/** All that a command says of a log. */
const said = async (args: readonly string[], run = runCli): Promise<string> => {
  const { code, stdout, stderr } = await run([...args, '--now', NOW, '--json'], { env: ENV });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout + stderr;
};

describe('a log that is read in parts has the report of one that is read whole', () => {
  test.each([
    ['analyze', 8],
    ['audit', 2],
  ])('of %s, for any size of parts', async (command, rounds) => {
    const random = createRandom(rounds);
    for (let round = 0; round < rounds; round++) {
      const path = written(hostileLog(random, 100 + random.below(400)));
      const args = random.pick([[], ['--max-line', '900'], ['--clock', 'now']]);
      const whole = await said([command, path, ...args, ...WHOLE]);
      for (let i = 0; i < 5; i++) {
        const size = String(50 + random.below(random.pick([400, 4000, 15_000])));
        expect(await said([command, path, ...args, '--block-size', size]), size).toBe(whole);
      }
    }
  });

  test('of a log without odd lines, all of whose parts stand alone', async () => {
    const random = createRandom(5);
    const source = new TokenSource(random, { mutated: 20 });
    const path = written(randomBlock(random, 900, 20, () => source.next()).bytes);
    const whole = await said(['analyze', path, ...WHOLE]);
    for (const size of ['100', '999', '10000', '60000']) {
      expect(await said(['analyze', path, '--block-size', size])).toBe(whole);
    }
  });

  test('however long blocks may be, and the kernel judges all of them', async () => {
    vi.stubEnv('AUTHLOG_NO_WASM', '');
    const line = logOf(mint(claims()));
    const path = written(Buffer.from(line.repeat(Math.ceil((17 << 20) / line.length))));
    const whole = await said(['analyze', path, '--block-size', '3MiB', '--no-findings']);
    takeTaken();
    const args = ['analyze', path, '--block-size', '4MiB', '--no-findings'];
    expect(await said(args)).toBe(whole);
    const { tokens, givenUp } = takeTaken();
    expect({ tokens, givenUp }).toEqual({
      tokens: (JSON.parse(whole) as Summary).totals.tokens,
      givenUp: 0,
    });
    vi.unstubAllEnvs();
  });

  test('of recorded events too', async () => {
    const source = new TokenSource(createRandom(6), { mutated: 20 });
    const log = written(randomBlock(createRandom(6), 300, 20, () => source.next()).bytes);
    const { stdout } = await runCli(['events', log], { env: ENV });
    const path = tempFile('events.ndjson', stdout);
    for (const command of ['analyze', 'audit']) {
      const whole = await said([command, path, ...WHOLE]);
      expect(await said([command, path, '--block-size', '3000'])).toBe(whole);
    }
  });

  test('on several threads', async () => {
    const random = createRandom(7);
    const source = new TokenSource(random, { mutated: 20 });
    const args = ['--threads', '3', '--no-findings'];
    for (const log of [
      hostileLog(random, 1500),
      randomBlock(random, 3000, 30, () => source.next()).bytes,
    ]) {
      const path = written(log);
      const whole = await said(['analyze', path, ...args, ...WHOLE], spawnCli);
      for (const size of ['700', '2500', '20000']) {
        const parts = ['analyze', path, ...args, '--block-size', size];
        expect(await said(parts, spawnCli), size).toBe(whole);
      }
    }
  });
});

test('row 24: a log that shrinks while its parts are read is told as changed, once, with what was read', async () => {
  const log = logOf(...Array.from({ length: 500 }, (_, i) => mint(claims({ sub: i }))));
  const path = tempFile('a.log', log);
  const { size, mtimeMs } = statSync(path);
  const end = Math.floor(size * 0.75);
  let read = 0;
  const summary = await analyze({
    inputs: [{ path, kind: 'file', size, mtime: mtimeMs, mode: 0o600 }],
    stdin: Readable.from([]),
    ring: RING,
    now: Date.parse(NOW),
    threads: 1,
    blockSize: 2000,
    onProgress: (bytes) => {
      read += bytes;
      if (read > size / 2) truncateSync(path, end);
    },
  });
  expect(summary.incomplete).toEqual([
    {
      path,
      reason: 'changed',
      detail: `truncated while reading, at byte ${end} of ${size}`,
    },
  ]);
  const { tokens, verdicts } = summary.totals;
  // The last one was cut off by the new end.
  expect(tokens).toBe(log.slice(0, end).split('\n').length);
  expect(verdicts.valid).toBe(tokens - 1);
  expect(verdicts.oversized).toBe(1);
});
