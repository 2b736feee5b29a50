import { chmodSync, truncateSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { giveHeadStart } from '../../src/cli/head-start.ts';
import { spawnCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';

const MIB = 2 ** 20;
const started = vi.hoisted(() => ({ threads: 0, cores: 2 }));
vi.mock('../../src/threads/start.ts', () => ({ startAhead: () => void started.threads++ }));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  availableParallelism: () => started.cores,
}));

const fileOf = (size: number): string => {
  const path = tempFile('a.log', '');
  truncateSync(path, size);
  return path;
};
const largeLog = (): string => fileOf(32 * MIB + 1);
const threadsFor = async (...args: string[]): Promise<number> => {
  await giveHeadStart(args);
  return started.threads;
};

beforeEach(() => {
  started.threads = 0;
  started.cores = 2;
});

describe('a thread is started before the command line is understood', () => {
  test('where a large log is named, wherever that is', async () => {
    const large = largeLog();
    expect(await threadsFor('analyze', large)).toBe(1);
    expect(await threadsFor('audit', '--json', 'none.log', large, '-q')).toBe(2);
  });

  test('where a smaller one is named beside public keys, which take longer', async () => {
    const log = fileOf(4 * MIB + 1);
    expect(await threadsFor('analyze', log, '--secret-file', 'secret')).toBe(0);
    expect(await threadsFor('analyze', log, '--key', 'key.pem')).toBe(1);
    expect(await threadsFor('analyze', '--jwks=https://a.example/jwks.json', log)).toBe(2);
    expect(await threadsFor('analyze', fileOf(4 * MIB), '--key', 'key.pem')).toBe(2);
  });

  test('once, however many large logs there are', async () => {
    expect(await threadsFor('analyze', largeLog(), fileOf(33 * MIB))).toBe(1);
  });

  test('not for small logs, folders, pipes, and what is not there', async () => {
    const none = [
      'analyze',
      fileOf(32 * MIB),
      tempFolder(),
      '-',
      'none.log',
      '',
      '/dev/zero',
      'a\0b',
    ];
    expect(await threadsFor(...none)).toBe(0);
  });

  test('not by other commands, or by none', async () => {
    expect(await threadsFor('redact', largeLog())).toBe(0);
    expect(await threadsFor(largeLog())).toBe(0);
    expect(await threadsFor()).toBe(0);
  });

  test('not where the number of threads is given, or there is one core', async () => {
    const large = largeLog();
    expect(await threadsFor('analyze', large, '--threads', '1')).toBe(0);
    expect(await threadsFor('analyze', large, '--threads=4')).toBe(0);
    started.cores = 1;
    expect(await threadsFor('analyze', large)).toBe(0);
  });
});

test('a large log has the same report with the thread that was started ahead', async () => {
  const tokens = Array.from({ length: 2000 }, (_, i) => mint({ user_id: `u${i % 9}`, i }));
  const filler = `${'x'.repeat(17_000)}\n`;
  const text = tokens.map((token) => line('2023-09-22 10:00:00,123', token) + filler).join('');
  expect(text.length).toBeGreaterThan(32 * MIB);
  const path = tempFile('a.log', text);
  chmodSync(path, 0o600);
  const args = ['analyze', path, '--json', '-q', '--now', '2023-09-22T12:00:00Z'];
  const alone = await spawnCli([...args, '--threads', '1'], { env: KEY_ENV });
  const ahead = await spawnCli([...args, '--block-size', '64K'], { env: KEY_ENV });
  expect(ahead).toEqual(alone);
  expect(JSON.parse(ahead.stdout)).toMatchObject({ totals: { tokens: 2000 } });
});

test('a command that fails ends at once, with a thread that nobody needs', async () => {
  const { code, stderr } = await spawnCli(['analyze', largeLog(), '--nonsense']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--nonsense') });
});
