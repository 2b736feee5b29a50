import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, spawnCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { privateFile } from '../support/judged.ts';
import { claims, KEYS, logOf, mint, mintPublic } from '../support/tokens.ts';

const missingTool = (name: string, ...args: readonly string[]): string | null =>
  spawnSync(name, args).status === 0 ? null : `${name} does not work here`;

const skipAloud = (reason: string | null): boolean => {
  if (reason !== null) process.stderr.write(`skipped: ${reason}\n`);
  return reason !== null;
};

/** Tokens whose headers name places where a careless verifier would look for a key. */
const luring = (url: string, path: string): string[] => {
  const offers = [
    { jku: url },
    { x5u: url },
    { jku: `file://${path}` },
    { x5u: path },
    { jwk: { kty: 'oct', k: 'AA' } },
    { x5c: [url] },
  ];
  const kids = [path, `../..${path}`, url];
  return [
    ...offers.map((offer) => mint(claims(), { header: offer })),
    ...offers.map((offer) => mintPublic('ES256', claims(), offer)),
    ...kids.map((kid) => mint(claims(), { header: { kid } })),
    ...kids.map((kid) => mintPublic('RS256', claims(), { kid })),
  ];
};

describe('row 55', () => {
  test('row 55: no header makes the program ask a server', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/jwks.json`;
    const log = privateFile('auth.log', logOf(...luring(url, '/nowhere')));
    for (const key of [
      ['--key', `${KEYS}/jwks.json`],
      ['--secret-file', `${KEYS}/secret`],
    ]) {
      const { code } = await spawnCli(['events', log, ...key]);
      expect(code).toBe(0);
    }
    server.close();
    expect(asked).toEqual([]);
  });

  test.skipIf(skipAloud(missingTool('strace', '-qq', '-e', 'trace=none', 'true')))(
    'row 55: no header makes the program open a file or a socket',
    () => {
      const folder = tempFolder();
      const decoy = privateFile('decoy-key.pem', readFileSync(`${KEYS}/ec.public.pem`));
      const log = privateFile('auth.log', logOf(...luring('http://127.0.0.1:9/decoy-key', decoy)));
      const trace = join(folder, 'trace');
      const watch = ['-f', '-qq', '-s', '4096', '-e', 'trace=network,%file', '-o', trace];
      const run = [process.execPath, BIN, 'events', log, '--key', `${KEYS}/jwks.json`];
      const printed = execFileSync('strace', [...watch, ...run], { encoding: 'utf8' });
      expect(printed.split('\n').filter((line) => line !== '')).toHaveLength(18);
      const calls = readFileSync(trace, 'utf8').split('\n');
      // The trace works: it saw the log and the keys being opened.
      expect(calls.some((call) => call.includes('openat') && call.includes(log))).toBe(true);
      expect(calls.some((call) => call.includes('openat') && call.includes('jwks.json'))).toBe(
        true,
      );
      expect(calls.filter((call) => call.includes('decoy-key'))).toEqual([]);
      expect(calls.filter((call) => /\b(?:connect|sendto|sendmsg)\(|AF_INET/.test(call))).toEqual(
        [],
      );
    },
  );

  test.skipIf(skipAloud(missingTool('unshare', '-rn', 'true')))(
    'row 55: without any network the same events come out',
    async () => {
      const log = privateFile('auth.log', logOf(...luring('http://127.0.0.1:9/', '/nowhere')));
      const args = ['events', log, '--key', `${KEYS}/jwks.json`];
      const { stdout } = await spawnCli(args);
      const alone = execFileSync('unshare', ['-rn', process.execPath, BIN, ...args], {
        encoding: 'utf8',
      });
      expect(alone).toBe(stdout);
      expect(stdout).not.toBe('');
    },
  );
});
