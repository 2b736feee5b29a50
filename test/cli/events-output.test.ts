import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { createPseudonyms } from '../../src/event/pseudonym.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { openStore } from '../../src/store/open.ts';
import { runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { claims, lineOf, mint, NOW, SECRET } from '../support/tokens.ts';
import { eventWith } from '../store/random-events.ts';

const KEY = 'thirty-two bytes of a key......!';

const storeWith = async (events: readonly RecordedEvent[]): Promise<string> => {
  const url = `duckdb:${join(tempFolder(), 'history.duckdb')}`;
  const store = await openStore(url);
  await store.append({ events, checkpoint: null, counts: null });
  await store.close();
  return url;
};

const linesOf = (text: string): readonly RecordedEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent);

describe('events --pseudonym-key', () => {
  const token = mint(claims({ user_id: 12345, email: 'ada@example.com' }));
  const log = `${lineOf(`ip=192.0.2.7 path=/users/12345 Token: ${token}`)}\n`;

  test('joins a log, a file of events and a store', async () => {
    const { user, email } = createPseudonyms(Buffer.from(KEY));
    const [source, secret, key] = [
      tempFile('app.log', log),
      tempFile('secret', SECRET),
      tempFile('key', KEY),
    ];
    const flags = ['--secret-file', secret, '--now', NOW];
    const plain = await runCli(['events', source, ...flags]);
    const file = tempFile('events.jsonl', plain.stdout);
    const url = await storeWith(linesOf(plain.stdout));
    const hidden = await runCli(['events', source, ...flags, '--pseudonym-key', key]);
    expect(plain.stdout).toContain('ada@example.com');
    const [event] = linesOf(hidden.stdout);
    expect(event).toMatchObject({
      verdict: 'valid',
      user_id: user(12345, 'number'),
      user_id_type: 'string',
      email: email('ada@example.com'),
    });
    expect(linesOf(plain.stdout)[0]).toMatchObject({ user_id: 12345 });
    for (const one of [file, url]) {
      const { stdout, code } = await runCli(['events', one, '--pseudonym-key', key]);
      expect(code).toBe(0);
      expect(linesOf(stdout)).toEqual([{ ...event, verified_by: 'recorder' }]);
    }
    for (const text of ['12345', 'ada@example.com', '192.0.2.7']) {
      expect(hidden.stdout).not.toContain(text);
    }
  });

  test('a newline at the end of the key file is no part of the key', async () => {
    const args = ['events', tempFile('app.log', log), '--secret-file', tempFile('secret', SECRET)];
    const one = await runCli([...args, '--pseudonym-key', tempFile('key', KEY), '-q']);
    const other = await runCli([...args, '--pseudonym-key', tempFile('key', `${KEY}\n`), '-q']);
    expect(other.stdout).toBe(one.stdout);
  });

  test.each<[string, string | null, string]>([
    ['a short key', 'fifteen bytes..', 'is 120 bits long and can be guessed'],
    ['an empty key', '', 'is empty'],
    ['no key', null, 'cannot read'],
  ])('refuses %s and writes nothing', async (_name, content, sentence) => {
    const folder = tempFolder();
    const [key, output] = [join(folder, 'key'), join(folder, 'out.jsonl')];
    if (content !== null) writeFileSync(key, content, { mode: 0o600 });
    const source = [tempFile('app.log', log), '--secret-file', tempFile('secret', SECRET)];
    const flags = ['--pseudonym-key', key, '-o', output];
    const { code, stderr } = await runCli(['events', ...source, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(existsSync(output)).toBe(false);
  });
});

describe('events -o FILE.parquet', () => {
  const EVENTS = [
    eventWith('a', { time: '2026-11-20T10:00:00.250Z', user_id: 1, user_id_type: 'number' }),
    eventWith('b', { time: '2026-11-21T10:00:00.000Z', roles: ['admin'], fields: { n: 1 } }),
    eventWith('c'),
  ];

  const read = async (path: string): Promise<readonly Record<string, unknown>[]> => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const result = await connection.runAndReadAll(
        `SELECT * FROM read_parquet('${path}') ORDER BY event_id`,
      );
      return result.getRowObjectsJson();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };

  test('holds the events of a store, whole, for its owner alone', async () => {
    const url = await storeWith(EVENTS);
    const output = join(tempFolder(), 'events.parquet');
    const { code, stdout, stderr } = await runCli(['events', url, '-o', output]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const rows = await read(output);
    const events = rows.map(({ json, event_id, token_id }) => {
      const members = JSON.parse(String(json)) as object;
      return { ...members, event_id, token_id };
    });
    expect(events).toEqual(EVENTS);
    expect(rows[0]).toMatchObject({ event_id: 'a', time: '2026-11-20 10:00:00.25' });
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  test('of a window holds what is in it', async () => {
    const url = await storeWith(EVENTS);
    const output = join(tempFolder(), 'events.parquet');
    const window = ['--since', '2026-11-21', '--until', '2026-11-22'];
    await runCli(['events', url, '-o', output, ...window]);
    expect((await read(output)).map((row) => row['event_id'])).toEqual(['b']);
  });

  test('is made of one DuckDB store and nothing else, and a file that is there stays', async () => {
    const url = await storeWith(EVENTS);
    const log = tempFile('app.log', lineOf('nothing'));
    const secret = tempFile('secret', SECRET);
    const output = tempFile('events.parquet', 'as it was');
    const key = tempFile('key', KEY);
    for (const args of [
      [log, '--secret-file', secret],
      [url, log, '--secret-file', secret],
      [url, '--pseudonym-key', key],
      [`duckdb:${output}.none`],
    ]) {
      const { code, stderr } = await runCli(['events', ...args, '-o', output]);
      expect(code).toBe(args[0]?.endsWith('.none') === true ? 3 : 2);
      expect(stderr).toMatch(/^authlog: /);
      expect(readFileSync(output, 'utf8')).toBe('as it was');
    }
  });
});
