import { describe, expect, test } from 'vitest';
import type { AuthEvent } from '../../src/event/event.ts';
import { ecsEvent } from '../../src/report/ecs/event.ts';
import { ocsfEvent } from '../../src/report/ocsf/event.ts';
import { checkEcs } from '../report/audit/ecs-fields.ts';
import { ocsf } from '../report/audit/published.ts';
import { ROOT, runCli } from '../support/cli.ts';
import { tempFile } from '../support/folder.ts';

const LOGS = ['access.log', 'auth_logs.log'].map((name) => `${ROOT}fixtures/logs/${name}`);
const NOW = '2023-09-22T12:00:00.000Z';
const FLAGS = ['--secret-file', `${ROOT}fixtures/keys/secret`, '--now', NOW, '-q'];

const events = async (
  sources: readonly string[],
  ...flags: readonly string[]
): Promise<readonly Record<string, unknown>[]> => {
  const { code, stdout } = await runCli(['events', ...sources, ...FLAGS, ...flags]);
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('events --format', () => {
  test('ndjson is the default', async () => {
    const plain = await events(LOGS);
    expect(plain.length).toBeGreaterThan(20);
    expect(plain[0]).toMatchObject({ schema: 'authlog.event/1' });
    expect(await events(LOGS, '--format', 'ndjson')).toEqual(plain);
  });

  test('ocsf and ecs tell of the same events, from a log and from a file of events', async () => {
    const plain = (await events(LOGS)) as unknown as readonly AuthEvent[];
    const file = tempFile('events.jsonl', plain.map((one) => `${JSON.stringify(one)}\n`).join(''));
    for (const sources of [LOGS, [file]]) {
      const activities = await events(sources, '--format', 'ocsf');
      expect(activities).toEqual(plain.map((one) => ocsfEvent(one, Date.parse(NOW))));
      const documents = await events(sources, '--format', 'ecs');
      expect(documents).toEqual(plain.map((one) => ecsEvent(one, NOW)));
      expect(documents.flatMap(checkEcs)).toEqual([]);
      if (ocsf !== null) expect(activities.flatMap(ocsf.activity)).toEqual([]);
    }
  });

  test('ocsf and ecs hold pseudonyms where a key asks for them', async () => {
    const key = tempFile('key', 'thirty-two bytes of a key......!');
    for (const format of ['ocsf', 'ecs']) {
      const text = JSON.stringify(await events(LOGS, '--format', format, '--pseudonym-key', key));
      expect(text).toMatch(/"ip-[\w-]{22}"/);
      expect(text).not.toContain('johndoe@example.com');
      expect(text).not.toMatch(/"(?:ip|address)":"\d/);
    }
  });

  test('refuses what it does not know, and a table of events in another form', async () => {
    const unknown = await runCli(['events', ...LOGS, ...FLAGS, '--format', 'xml']);
    expect(unknown.code).toBe(2);
    const table = ['events', 'duckdb:x.db', '-o', 'x.parquet', '--format', 'ecs'];
    const { code, stderr } = await runCli(table);
    expect(code).toBe(2);
    expect(stderr).toContain('--format ecs does not change what goes into a .parquet file');
  });
});
