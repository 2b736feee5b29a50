import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { VERDICTS } from '../../src/verify/verdict.ts';
import { spawnCli } from '../support/cli.ts';
import { startClickHouse } from '../support/clickhouse.ts';
import { startFerretDb } from '../support/ferretdb.ts';
import { NOW, SECRET } from '../support/tokens.ts';
import { everyVerdictLog } from './every-verdict.ts';

const LINES = 200_000;
const folder = mkdtempSync(join(tmpdir(), 'authlog-summary-'));
const log = join(folder, 'auth.log');
// A key with an id of its own: only then is another id an unknown key.
const key = join(folder, 'key.json');
const POLICY = ['--key', key, '--issuer', 'https://issuer.example', '--audience', 'api'];
let ofFile = '';

const run = async (args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await spawnCli(args, { env: { HOME: folder } });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout;
};

/** All of a summary but what tells of the source: its name and size, its keys, who may read it. */
const comparable = (json: string): string => {
  const { verification: _v, inputs: _i, notices, ...rest } = JSON.parse(json) as Summary;
  const ofTokens = notices.filter(({ code }) => code !== 'live_tokens');
  return JSON.stringify({ ...rest, notices: ofTokens }, null, 1);
};

const expectSame = async (store: string): Promise<void> => {
  await run(['ingest', log, '--store', store, '--now', NOW, ...POLICY]);
  const ofStore = await run(['analyze', store, '--now', NOW, '--json', '-q']);
  expect(comparable(ofStore)).toBe(comparable(ofFile));
};

beforeAll(async () => {
  const k = Buffer.from(SECRET).toString('base64url');
  writeFileSync(key, JSON.stringify({ kty: 'oct', kid: 'main', k }), { mode: 0o600 });
  writeFileSync(log, everyVerdictLog(LINES));
  ofFile = await run(['analyze', log, '--now', NOW, '--json', '-q', '--no-findings', ...POLICY]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('of 200,000 lines with every verdict, the summary of the history is that of the log', () => {
  test('the log has every verdict but that of --no-verify', () => {
    const { totals } = JSON.parse(ofFile) as Summary;
    expect(totals.lines).toBe(LINES);
    const missing = VERDICTS.filter((verdict) => totals.verdicts[verdict] === 0);
    expect(missing).toEqual(['unverified']);
  });

  test('in DuckDB', async () => {
    await expectSame(`duckdb:${join(folder, 'history.duckdb')}`);
  });

  test('in MongoDB', async () => {
    const service = await startFerretDb();
    if (service === null) return;
    try {
      await expectSame(service.url(service.database()));
    } finally {
      await service.stop();
    }
  });

  test.each([1, 2])('in ClickHouse, %d shard(s)', async (shards) => {
    const service = await startClickHouse({ shards });
    if (service === null) return;
    try {
      await expectSame(service.url(service.database()));
    } finally {
      await service.stop();
    }
  });
});
