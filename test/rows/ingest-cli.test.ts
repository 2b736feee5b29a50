import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeState, encodeState } from '../../src/ingest/state.ts';
import { openStore } from '../../src/store/open.ts';
import { BIN, runCli, spawnCli, type Result } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { KEYS } from '../support/tokens.ts';
import { upTo } from '../ingest/simulator/scripted.ts';
import { lineOf } from '../ingest/simulator/world.ts';
import { linesIn } from '../ingest/support.ts';

/** A folder with a log of `count` lines, and a store beside it. */
const setUp = (count: number): { folder: string; log: string; store: string } => {
  const folder = tempFolder();
  const log = join(folder, 'app.log');
  writeFileSync(log, linesOf(1, count));
  return { folder, log, store: `duckdb:${join(folder, 'h.duckdb')}` };
};

const linesOf = (from: number, to: number): string => {
  let text = '';
  for (let id = from; id <= to; id++) text += lineOf(100_000 + id, false);
  return text;
};

const ingest = (log: string, store: string, ...more: readonly string[]): Promise<Result> =>
  runCli(['ingest', log, '--no-verify', '--store', store, '--json', ...more]);

const totalsOf = ({ stdout }: Result): unknown =>
  (JSON.parse(stdout) as { totals: unknown }).totals;

/** Changes what the store holds as the checkpoint of `source`. */
const tamper = async (
  url: string,
  source: string,
  change: (state: string) => string,
): Promise<void> => {
  const store = await openStore(url);
  const { state } = (await store.checkpoint(source))!;
  const checkpoint = { source, state: change(state) };
  await store.append({ events: [], checkpoint, counts: null });
  await store.close();
};

describe('row 93: a checkpoint that is of no use', () => {
  test('row 93: none at all: the log is read from its start', async () => {
    const { log, store } = setUp(3);
    expect(totalsOf(await ingest(log, store))).toMatchObject({ lines: 3, events_added: 3 });
  });

  test.each<[string, string, (state: string) => string]>([
    ['damaged', 'is damaged', (state) => state.replace(/"offset":\d+/, '"offset":1')],
    ['cut off', 'is damaged', (state) => state.slice(0, 40)],
    [
      'of a later version',
      'was written by a newer authlog',
      (s) => s.replace('state/1', 'state/2'),
    ],
    [
      'of another log',
      'belongs to another log',
      (state) => encodeState('/elsewhere.log', decodeState(sourceOf(state), state)),
    ],
  ])('row 93: %s: refused, and nothing is counted again', async (_name, sentence, change) => {
    const { log, store } = setUp(3);
    await ingest(log, store);
    appendFileSync(log, linesOf(4, 5));
    await tamper(store, log, change);
    const refused = await ingest(log, store);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(sentence);
    expect(refused.stderr.trim().split('\n')).toHaveLength(2);
    expect(await linesIn(store)).toEqual(upTo(3));
  });

  test('row 93: --reset-state reads it all again', async () => {
    const { log, store } = setUp(3);
    await ingest(log, store);
    await tamper(store, log, () => '{');
    expect(await ingest(log, store, '--reset-state')).toMatchObject({ code: 0 });
    expect(await linesIn(store)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(await ingest(log, store)).toMatchObject({ code: 0 });
  });
});

const sourceOf = (state: string): string => (JSON.parse(state) as { source: string }).source;

describe('row 94: a store that cannot be written', () => {
  test('row 94: a folder that is no folder: said before anything is read', async () => {
    const { log } = setUp(3);
    const result = await ingest(log, 'duckdb:/dev/null/h.duckdb');
    expect(result).toMatchObject({ code: 4, stdout: '' });
    expect(result.stderr).not.toContain('    at ');
  });

  test('row 94: a full disk: exit 4, and when there is room again the next run goes on', async (context) => {
    const { folder, log } = setUp(20_000);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    if (mount.status !== 0) {
      console.log('skipped: this user may not mount a small file system');
      context.skip();
    }
    onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const store = `duckdb:${join(disk, 'h.duckdb')}`;
    const full = await spawnCli(['ingest', log, '--no-verify', '--store', store]);
    expect(full.code).toBe(4);
    spawnSync('mount', ['-o', 'remount,size=200m', disk]);
    expect(await spawnCli(['ingest', log, '--no-verify', '--store', store])).toMatchObject({
      code: 0,
    });
    expect(await linesIn(store)).toEqual(upTo(20_000));
  });
});

describe('runs at the same time', () => {
  test('row 96: of eight at once one works, the others end with 75, and nothing is there twice', async () => {
    const { log, store } = setUp(30_000);
    const args = ['ingest', log, '--no-verify', '--store', store];
    const ends = await Promise.all(Array.from({ length: 8 }, () => spawnCli(args)));
    const codes = ends.map(({ code }) => code);
    expect(codes.filter((code) => code === 75).length).toBeGreaterThan(0);
    expect(codes.every((code) => code === 0 || code === 75)).toBe(true);
    expect(codes).toContain(0);
    expect(await linesIn(store)).toEqual(upTo(30_000));
  });

  test('row 97: the lock of a process that was killed is taken over', async () => {
    const { folder, log, store } = setUp(3);
    const args = ['ingest', log, '--no-verify', '--store', store, '--follow'];
    const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
    const lock = (): string | undefined => readdirSync(folder).find((n) => n.endsWith('.lock'));
    while (lock() === undefined) await sleep(20);
    while ((await ingest(log, store)).code !== 75) await sleep(20);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect(lock()).toBeDefined();
    expect(await ingest(log, store)).toMatchObject({ code: 0 });
    expect(lock()).toBeUndefined();
    expect(await linesIn(store)).toEqual(upTo(3));
  });
});

describe('row 105: what may not change between two runs', () => {
  test('row 105: standard input is refused', async () => {
    const { store } = setUp(1);
    expect(await ingest('-', store)).toMatchObject({ code: 2, stdout: '' });
  });

  test.each([
    ['--user-claim', 'sub'],
    ['--max-line', '2K'],
    ['--pattern', 'Token: (\\S+)'],
    ['--tz', 'Europe/Berlin'],
    ['--issuer', 'https://idp.example'],
  ])('row 105: another %s is refused, and --reset-state goes on with it', async (...flag) => {
    const { log, store } = setUp(3);
    await ingest(log, store);
    appendFileSync(log, linesOf(4, 5));
    const refused = await ingest(log, store, ...flag);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('other settings');
    expect(await ingest(log, store, ...flag, '--reset-state')).toMatchObject({ code: 0 });
    expect(await ingest(log, store, ...flag)).toMatchObject({ code: 0 });
    expect(await ingest(log, store)).toMatchObject({ code: 2 });
    const store2 = await openStore(store);
    expect(await store2.counts()).toMatchObject({ lines: 5 });
    await store2.close();
  });

  test('row 105: keys may be added, but not all be others', async () => {
    const { log, store } = setUp(3);
    const run = (...keys: readonly string[]): Promise<Result> =>
      runCli(['ingest', log, '--store', store, ...keys.flatMap((key) => ['--key', key])]);
    const [rsa, ec] = [join(KEYS, 'rsa.public.pem'), join(KEYS, 'ec.public.pem')];
    expect(await run(rsa)).toMatchObject({ code: 0 });
    const refused = await run(ec);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain('other keys');
    expect(await run(rsa, ec)).toMatchObject({ code: 0 });
    expect(await run(ec)).toMatchObject({ code: 0 });
  });
});

test('row 106: a clock that goes backwards changes nothing', async () => {
  const { folder, log, store } = setUp(3);
  await ingest(log, store, '--now', '2026-02-01T00:00:00Z');
  renameSync(log, join(folder, 'app.log.1'));
  writeFileSync(log, linesOf(4, 6));
  utimesSync(log, 1, 1);
  utimesSync(join(folder, 'app.log.1'), 2e9, 2e9);
  const result = await ingest(log, store, '--now', '2020-01-01T00:00:00Z');
  expect(totalsOf(result)).toMatchObject({ lines: 3, events_added: 3 });
  expect(await linesIn(store)).toEqual(upTo(6));
  expect(existsSync(log) && statSync(log).size > 0).toBe(true);
});
