import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { batchOf } from '../store/contract.ts';
import { BIN, runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { start } from '../support/servers.ts';
import { mint, SECRET } from '../support/tokens.ts';
import { eventAgo } from './serving.ts';

const storeWith = async (): Promise<string> => {
  const url = `duckdb:${join(tempFolder(), 'history.duckdb')}`;
  const store = await openStore(url);
  await store.append(batchOf(eventAgo(60)));
  await store.close();
  return url;
};

test.each([
  [['--listen', '0.0.0.0:0'], 2, 'other machines reach 0.0.0.0:0'],
  [['--listen', '192.0.2.1:80'], 2, 'say --allow-remote'],
  [['--no-verify'], 2, 'serve does not work with --no-verify'],
  [['--public-url', 'authlog.example.org'], 2, '--public-url authlog.example.org is no address'],
  [['--listen', 'nowhere'], 2, '--listen nowhere is no place to listen'],
  [['--store', 'history.db'], 2, 'a store is named by a URL'],
  [['--store', 'duckdb:/nowhere/history.duckdb'], 3, 'no such file or directory'],
  [['--now', 'soon'], 2, '--now is no time'],
])('%j is refused, with %i and a sentence', async (flags, code, sentence) => {
  const secret = tempFile('secret', SECRET);
  const store = await storeWith();
  const result = await runCli(['serve', '--store', store, '--secret-file', secret, ...flags]);
  expect(result.stderr).toContain(sentence);
  expect(result.code).toBe(code);
});

test('without a key nobody is served', async () => {
  const { code, stderr } = await runCli(['serve', '--store', await storeWith()]);
  expect(stderr).toContain('no key to verify with');
  expect(code).toBe(2);
});

test('serves until SIGTERM, takes new keys on SIGHUP, and leaves the store as it was', async () => {
  const store = await storeWith();
  const { rmSync, statSync, writeFileSync } = await import('node:fs');
  const before = statSync(store.slice(7)).mtimeMs;
  const secret = tempFile('secret', SECRET);
  const ready = /serving .* at (http:\/\/127\.0\.0\.1:\d+)/;
  const args = [BIN, 'serve', '--store', store, '--secret-file', secret, '--listen', '127.0.0.1:0'];
  const server = await start(process.execPath, args, { ready });
  onTestFinished(() => server.end('SIGKILL'));
  const origin = ready.exec(server.said())![1]!;
  const exp = Math.floor(Date.now() / 1000) + 600;
  const status = async (key: string): Promise<number> => {
    const authorization = `Bearer ${mint({ sub: 'ops', exp }, { secret: key })}`;
    return (await fetch(`${origin}/api/summary`, { headers: { authorization } })).status;
  };
  const other = SECRET.toUpperCase();
  expect([await status(SECRET), await status(other)]).toEqual([200, 401]);
  rmSync(secret);
  writeFileSync(secret, other, { mode: 0o600 });
  process.kill(server.pid, 'SIGHUP');
  for (let tries = 0; tries < 100 && (await status(other)) !== 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect([await status(SECRET), await status(other)]).toEqual([401, 200]);
  const listener = await fetch(`${origin}/api/events`, {
    headers: { authorization: `Bearer ${mint({ sub: 'ops', exp }, { secret: other })}` },
  });
  // Who listens is let go, so that the end does not wait for them.
  const startedAt = Date.now();
  await server.end('SIGTERM');
  await listener.text();
  expect(Date.now() - startedAt).toBeLessThan(4000);
  expect(server.said()).not.toContain('    at ');
  expect(statSync(store.slice(7)).mtimeMs).toBe(before);
});
