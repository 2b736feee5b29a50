import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { History } from '../../src/serve/history.ts';
import type { AskedWindow } from '../../src/serve/query.ts';
import { Reports } from '../../src/serve/reports.ts';
import { runCli } from '../support/cli.ts';
import { NOW_S } from '../support/tokens.ts';

const ALL: AskedWindow = { name: 'all', query: '', at: async () => ({ since: null, until: null }) };

test('a page never lags behind the numbers that were told, however long the rules take', async () => {
  const secret = ['--secret-file', 'fixtures/keys/secret', '--config', '-'];
  const log = 'fixtures/logs/auth_logs.log';
  const told = async (command: string, flags: readonly string[]): Promise<object> =>
    JSON.parse((await runCli([command, log, ...flags, '--json', '-q'])).stdout) as object;
  const summary = (await told('analyze', secret.slice(0, 2))) as { totals: object };
  const report = await told('audit', secret);
  let tokens = 1;
  const history: History = {
    revision: async () => String(tokens),
    summary: async () => ({ ...summary, totals: { ...summary.totals, tokens } }) as never,
    audit: async () => {
      await sleep(250);
      return { report, activity: { step: 60, from: [], series: [], untimed: 0 } } as never;
    },
    async *events() {},
  };
  const reports = new Reports(history, () => NOW_S * 1000, { tz: 'UTC', rules: [], version: '' });
  const shown = async (): Promise<string> => {
    const { island } = await reports.page(ALL);
    const text = await (await island.response(new Request('http://localhost/'))).text();
    return /"label":"Tokens","value":"(\d+)"/.exec(text)![1]!;
  };
  expect(await shown()).toBe('1');
  const before = await reports.etag(ALL);
  tokens = 2;
  expect(await reports.etag(ALL)).not.toBe(before);
  expect(await shown()).toBe('2');
});
