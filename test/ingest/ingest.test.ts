import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { openStore } from '../../src/store/open.ts';
import { EVERYTHING } from '../../src/store/store.ts';
import { BIN, ROOT, runCli, type Result } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { claims, lineOf as timed, logOf, mint, NOW, SECRET } from '../support/tokens.ts';
import { lines } from './simulator/scripted.ts';

const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.ingest-1.json`, 'utf8'));
const isDescribed = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

interface Report {
  readonly logs: readonly { readonly path: string; readonly lines: number }[];
  readonly totals: Readonly<Record<string, number>>;
  readonly incomplete: readonly { readonly path: string; readonly reason: string }[] | null;
}

interface Ran {
  readonly code: number;
  readonly report: Report;
  readonly stderr: string;
}

const ingest = async (store: string, ...args: readonly string[]): Promise<Ran> => {
  const { code, stdout, stderr } = await runCli(['ingest', ...args, '--store', store, '--json']);
  const report = JSON.parse(stdout) as Report;
  expect(isDescribed(report), JSON.stringify(isDescribed.errors)).toBe(true);
  expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
  return { code, report, stderr };
};

const eventsIn = async (url: string): Promise<readonly RecordedEvent[]> => {
  const store = await openStore(url, { create: false });
  const events: RecordedEvent[] = [];
  for await (const some of store.events(EVERYTHING)) events.push(...some);
  await store.close();
  return events;
};

const setUp = (): { readonly folder: string; readonly store: string } => {
  const folder = tempFolder();
  return { folder, store: `duckdb:${join(folder, 'store', 'h.duckdb')}` };
};

describe('sources', () => {
  test('a rotated part, a link to the folder, a pattern and the folder itself name the same log', async () => {
    const { folder, store } = setUp();
    mkdirSync(join(folder, 'log'));
    symlinkSync(join(folder, 'log'), join(folder, 'link'));
    writeFileSync(join(folder, 'log', 'app.log'), lines(3, 4));
    writeFileSync(join(folder, 'log', 'app.log.1.gz'), gzipSync(lines(1, 2)));
    const names = ['log/app.log.1.gz', 'link/app.log', 'log/app.lo*', 'log'];
    const paths = names.map((name) => join(folder, name));
    const { code, report } = await ingest(store, ...paths, '--no-verify');
    expect(code).toBe(0);
    expect(report.logs).toMatchObject([{ path: join(folder, 'log', 'app.log'), lines: 4 }]);
    expect(report.totals).toMatchObject({ lines: 4, events_added: 4 });
  });

  test('a log that is not there: exit 3, and the others are read', async () => {
    const { folder, store } = setUp();
    writeFileSync(join(folder, 'app.log'), lines(1, 2));
    const missing = join(folder, 'no.log');
    const { code, report } = await ingest(store, missing, join(folder, 'app.log'), '--no-verify');
    expect(code).toBe(3);
    expect(report.totals['events_added']).toBe(2);
    expect(report.incomplete).toMatchObject([{ path: missing, reason: 'unreadable' }]);
  });

  test('a pattern that matches nothing: exit 3', async () => {
    const { folder, store } = setUp();
    const { code, report } = await ingest(store, join(folder, '*.log'), '--no-verify');
    expect({ code, logs: report.logs }).toEqual({ code: 3, logs: [] });
  });

  test('a damaged rotated file: what can be recovered once, exit 3 once', async () => {
    const { folder, store } = setUp();
    const whole = gzipSync(Buffer.concat([lines(1, 300)]), { level: 0 });
    writeFileSync(join(folder, 'app.log.1.gz'), whole.subarray(0, whole.length - 500));
    writeFileSync(join(folder, 'app.log'), lines(301, 302));
    const first = await ingest(store, join(folder, 'app.log'), '--no-verify');
    expect(first.code).toBe(3);
    expect(first.report.incomplete).toMatchObject([{ reason: 'truncated' }]);
    const second = await ingest(store, join(folder, 'app.log'), '--no-verify');
    expect({ code: second.code, added: second.report.totals['events_added'] }).toEqual({
      code: 0,
      added: 0,
    });
    // The whole file takes the place of the damaged one: only its rest is new.
    writeFileSync(join(folder, 'app.log.1.gz'), whole);
    await ingest(store, join(folder, 'app.log'), '--no-verify');
    expect(new Set((await eventsIn(store)).map(({ user_id: id }) => id)).size).toBe(302);
    expect(await eventsIn(store)).toHaveLength(302);
  });

  test('UTF-16 is refused by name', async () => {
    const { folder, store } = setUp();
    const path = join(folder, 'app.log');
    writeFileSync(path, Buffer.from(`\ufeff${lines(1, 2).toString()}`, 'utf16le'));
    const { code, report } = await ingest(store, path, '--no-verify');
    expect(code).toBe(3);
    expect(report.incomplete).toMatchObject([{ path, reason: 'unsupported' }]);
  });
});

describe('events', () => {
  test('file, line and offset are those of the reading; lines are counted on', async () => {
    const { folder, store } = setUp();
    const path = join(folder, 'app.log');
    const first = `\ufeffno token\n${lines(1, 1).toString()}`;
    writeFileSync(path, first);
    await ingest(store, path, '--no-verify');
    appendFileSync(path, lines(2, 2));
    await ingest(store, path, '--no-verify');
    const offset = Buffer.byteLength(first) - 3 + lines(2, 2).indexOf('eyJ');
    const events = (await eventsIn(store)).toSorted((x, y) => x.offset! - y.offset!);
    expect(events).toMatchObject([
      { file: path, line: 2 },
      { file: path, line: 3, offset },
    ]);
  });

  test('the same verdicts as authlog events; the order of the lines and of the pairs is kept', async () => {
    const { folder, store } = setUp();
    const path = join(folder, 'app.log');
    const log = logOf(
      mint(claims()),
      mint(claims(), { secret: 'another-secret-of-32-bytes-length' }),
    );
    writeFileSync(path, `${log}${timed('User Log: signed in')}\n`);
    const env = { AUTHLOG_SECRET: SECRET };
    const run = await runCli(['ingest', path, '--store', store, '--now', NOW], { env });
    expect(run).toMatchObject({ code: 0 });
    const plain = await runCli(['events', path, '--now', NOW], { env });
    const printed = plain.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedEvent);
    const kept = (await eventsIn(store)).toSorted((a, b) => a.offset! - b.offset!);
    const withoutId = ({ event_id: _id, ...rest }: RecordedEvent): object => rest;
    expect(kept.map(withoutId)).toEqual(printed.map(withoutId));
    expect(kept.map(({ verdict, event }) => [verdict, event])).toEqual([
      ['valid', null],
      ['bad_signature', 'signed in'],
    ]);
  });

  test('a file of recorded events keeps their ids, needs no key, and is followed over rotation', async () => {
    const { folder, store } = setUp();
    const log = join(folder, 'app.log');
    const recorded = join(folder, 'auth.jsonl');
    writeFileSync(log, logOf(mint(claims()), mint(claims({ sub: 'bob' }))));
    const env = { AUTHLOG_SECRET: SECRET };
    const { stdout } = await runCli(['events', log, '--now', NOW], { env });
    const [one, two] = stdout.trim().split('\n');
    writeFileSync(recorded, `${one}\n`);
    expect((await ingest(store, recorded)).code).toBe(0);
    renameSync(recorded, `${recorded}.1`);
    writeFileSync(recorded, `${two}\n${one}\n`);
    expect((await ingest(store, recorded)).report.totals).toMatchObject({
      lines: 2,
      events_added: 1,
    });
    const ids = [one!, two!].map((line) => (JSON.parse(line) as RecordedEvent).event_id);
    expect((await eventsIn(store)).map(({ event_id: id }) => id).toSorted()).toEqual(
      ids.toSorted(),
    );
  });

  test('--pseudonym-key: no user id and no address gets into the store', async () => {
    const { folder, store } = setUp();
    const path = join(folder, 'app.log');
    const key = join(folder, 'key');
    writeFileSync(path, logOf(mint(claims({ sub: 'ada.lovelace', email: 'ada@example.com' }))));
    writeFileSync(key, 'k'.repeat(32), { mode: 0o600 });
    await ingest(store, path, '--no-verify', '--pseudonym-key', key);
    const text = JSON.stringify(await eventsIn(store));
    expect(text).not.toMatch(/lovelace|example\.com/);
    expect(text).toContain('"user_id":"u-');
  });
});

test('SIGTERM: the batch is stored, exit 143, and the next run goes on', async () => {
  const { folder, store } = setUp();
  const path = join(folder, 'app.log');
  writeFileSync(path, lines(1, 60_000));
  const args = [BIN, 'ingest', path, '--no-verify', '--store', store];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    const timer = setInterval(() => {
      // Its first batch is there.
      if (readable(join(folder, 'store', 'h.duckdb'))) child.kill('SIGTERM');
      else return;
      clearInterval(timer);
    }, 5);
  });
  expect(code).toBe(143);
  expect(stderr).toContain('the next run goes on from there');
  const { code: next }: Result = await runCli(args.slice(1));
  expect(next).toBe(0);
  expect(await eventsIn(store)).toHaveLength(60_000);
});

const readable = (path: string): boolean => {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
};
