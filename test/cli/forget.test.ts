import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { createPseudonyms } from '../../src/event/pseudonym.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { openStore } from '../../src/store/open.ts';
import { ROOT, runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { eventWith } from '../store/random-events.ts';

const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.forgotten-1.json`, 'utf8'));
const isDescribed = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

const DAY = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

const EVENTS: readonly RecordedEvent[] = [
  eventWith('old', { time: daysAgo(100), user_id: 'ada' }),
  eventWith('new', { time: daysAgo(80), user_id: 'ada' }),
  eventWith('text', { time: daysAgo(1), user_id: '12345' }),
  eventWith('number', { time: daysAgo(1), user_id: 12345, user_id_type: 'number' }),
  eventWith('timeless', { time: null, user_id: 'bob' }),
];

const storeWith = async (events: readonly RecordedEvent[]): Promise<string> => {
  const url = `duckdb:${join(tempFolder(), 'history.duckdb')}`;
  const store = await openStore(url);
  await store.append({ events, checkpoint: null, counts: null });
  await store.close();
  return url;
};

const idsIn = async (url: string): Promise<readonly string[]> => {
  const { stdout } = await runCli(['events', url]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as RecordedEvent).event_id).toSorted();
};

const without = (...gone: readonly string[]): readonly string[] =>
  EVENTS.map((event) => event.event_id)
    .filter((id) => !gone.includes(id))
    .toSorted();

describe('authlog forget', () => {
  test('deletes what is older, and no event without a time', async () => {
    const url = await storeWith(EVENTS);
    const { stdout, code } = await runCli(['forget', url, '--before', '90d']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 event from before \S+Z forgotten in duckdb:/);
    expect(await idsIn(url)).toEqual(without('old'));
    const again = await runCli(['forget', url, '--before', '90d']);
    expect(again.stdout).toMatch(/^0 events /);
  });

  test.each([
    ['--user', 'text'],
    ['--user-number', 'number'],
  ])('%s 12345 deletes one of two users', async (flag, gone) => {
    const url = await storeWith(EVENTS);
    const { stdout } = await runCli(['forget', url, flag, '12345', '--json']);
    const forgotten: unknown = JSON.parse(stdout);
    isDescribed(forgotten);
    expect(isDescribed.errors).toBeNull();
    const user_id = flag === '--user' ? '12345' : 12345;
    expect(forgotten).toMatchObject({ store: url, before: null, user_id, events: 1 });
    expect(await idsIn(url)).toEqual(without(gone));
  });

  test('says in JSON from before when', async () => {
    const url = await storeWith(EVENTS);
    const before = '2020-01-01T00:00:00Z';
    const { stdout } = await runCli(['forget', url, '--before', before, '--json']);
    const forgotten: unknown = JSON.parse(stdout);
    isDescribed(forgotten);
    expect(isDescribed.errors).toBeNull();
    expect(forgotten).toMatchObject({ before: '2020-01-01T00:00:00.000Z', user_id: null });
  });

  test('finds a user behind a pseudonym', async () => {
    const key = 'thirty-two bytes of a key......!';
    const { user } = createPseudonyms(Buffer.from(key));
    const url = await storeWith([
      eventWith('ada', { user_id: user('ada', 'string') }),
      eventWith('seven', { user_id: user(7, 'number') }),
    ]);
    const file = tempFile('key', key);
    const { stdout } = await runCli(['forget', url, '--user-number', '7', '--pseudonym-key', file]);
    expect(stdout).toMatch(/^1 event of user 7 /);
    expect(await idsIn(url)).toEqual(['ada']);
  });

  test.each([
    [[], 'nothing to forget was named'],
    [['--before', '90d', '--user', 'ada'], 'too much was named'],
    [['--user', '1', '--user-number', '1'], 'too much was named'],
    [['--before', 'soon'], '--before is no time'],
    [['--user-number', 'ada'], '--user-number is no number'],
  ])('refuses %j and deletes nothing', async (args, sentence) => {
    const url = await storeWith(EVENTS);
    const { code, stderr, stdout } = await runCli(['forget', url, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
    expect(await idsIn(url)).toEqual(without());
  });

  test('no variable of the environment says what to delete', async () => {
    const url = await storeWith(EVENTS);
    const env = { AUTHLOG_BEFORE: '1d', AUTHLOG_USER: 'ada', AUTHLOG_USER_NUMBER: '12345' };
    expect((await runCli(['forget', url], { env })).code).toBe(2);
    expect(await idsIn(url)).toEqual(without());
  });

  test.each(['app.log', 'https://example.com', ''])(
    'refuses %j: it is no store',
    async (source) => {
      const { code, stderr } = await runCli(['forget', source, '--before', '90d']);
      expect(code).toBe(2);
      expect(stderr).toContain('is no store of events');
    },
  );

  test('a store that is not there is not made, and never counts as emptied', async () => {
    const path = join(tempFolder(), 'history.duckdb');
    const { code, stderr } = await runCli(['forget', `duckdb:${path}`, '--before', '90d']);
    expect(code).toBe(3);
    expect(stderr).toContain('no such file');
    expect(existsSync(path)).toBe(false);
  });
});
