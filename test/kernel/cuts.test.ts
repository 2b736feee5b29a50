import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { runCli } from '../support/cli.ts';
import { NOW, SECRET } from '../support/tokens.ts';
import { randomBlock } from './random-lines.ts';
import { TokenSource } from './random-tokens.ts';
import { takeTaken } from './twins.ts';

// Also where the rest of the suite does without the kernel.
beforeEach(() => {
  vi.stubEnv('AUTHLOG_NO_WASM', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The report on a log, byte for byte. */
const report = async (log: Uint8Array, args: readonly string[]): Promise<string> => {
  const all = ['analyze', '-', '--now', NOW, '--json', '--threads', '1', '--no-findings', ...args];
  const { code, stdout, stderr } = await runCli(all, {
    stdin: log,
    env: { AUTHLOG_SECRET: SECRET },
  });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout + stderr;
};

const logFor = (seed: number, count: number, odd: number, mutated: number): Buffer => {
  const random = createRandom(seed);
  const source = new TokenSource(random, { mutated });
  // A line of nothing first: the bytes of chance shall not look like a compressed file or a byte order mark.
  return Buffer.concat([
    Buffer.from('# a log\n'),
    randomBlock(random, count, odd, () => source.next()).bytes,
  ]);
};

describe('a report is the same without the kernel, and wherever blocks are cut', () => {
  test('at every size that is less than a line or two', async () => {
    const log = logFor(1, 12, 3, 4);
    takeTaken();
    const whole = await report(log, []);
    expect(takeTaken().tokens).toBeGreaterThan(0);
    for (let size = 1; size < 500; size += size < 100 ? 1 : 9) {
      expect(await report(log, ['--block-size', String(size)]), `blocks of ${size}`).toBe(whole);
    }
    vi.stubEnv('AUTHLOG_NO_WASM', '1');
    expect(await report(log, [])).toBe(whole);
    expect(takeTaken().blocks).toBeGreaterThan(0);
  });

  test.each([
    ['plain logs', 40, 30],
    ['logs of many formats', 1, 10],
    ['logs in which nothing is as usual', 1, 2],
  ])('at random sizes, of %s', async (_name, odd, mutated) => {
    const random = createRandom(odd + mutated);
    for (let round = 0; round < 4; round++) {
      const log = logFor(100 + round, 300 + random.below(900), odd, mutated);
      const args = random.pick([
        [],
        ['--clock', 'now'],
        ['--max-token', '300'],
        ['--leeway', '1s'],
      ]);
      takeTaken();
      const whole = await report(log, args);
      expect(takeTaken().tokens).toBeGreaterThan(0);
      for (let i = 0; i < 6; i++) {
        const size = String(1 + random.below(random.pick([2000, 20_000, 200_000])));
        expect(await report(log, [...args, '--block-size', size]), size).toBe(whole);
      }
      vi.stubEnv('AUTHLOG_NO_WASM', '1');
      expect(await report(log, args)).toBe(whole);
      vi.stubEnv('AUTHLOG_NO_WASM', '');
    }
  });

  test('at lines that are cut', async () => {
    const log = logFor(3, 200, 2, 5);
    for (const longest of ['100', '170', '300', '1000']) {
      const args = ['--max-line', longest];
      const whole = await report(log, args);
      for (const size of ['1', '50', '400', '5000']) {
        expect(await report(log, [...args, '--block-size', size]), `${longest} ${size}`).toBe(
          whole,
        );
      }
      vi.stubEnv('AUTHLOG_NO_WASM', '1');
      expect(await report(log, args)).toBe(whole);
      vi.stubEnv('AUTHLOG_NO_WASM', '');
    }
  });
});
