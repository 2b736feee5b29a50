import { describe, expect, test } from 'vitest';
import { runCli, spawnCli } from '../support/cli.ts';

const KEY = ['--secret-file', 'fixtures/keys/secret'];
const LOG = 'fixtures/logs/auth_logs.log';

describe.each(['analyze', 'audit'])('authlog %s --format html', (command) => {
  test('is refused by a terminal, in one sentence', async () => {
    const { code, stdout, stderr } = await runCli([command, LOG, ...KEY, '--format', 'html'], {
      columns: 80,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('HTML is for a browser, not for a terminal');
    expect(stderr).toContain('-o report.html');
  });

  test('goes down a pipe whole, and the same each time', async () => {
    const args = [command, LOG, ...KEY, '--format', 'html', '--now', '2023-09-22T10:00:00Z'];
    const [one, other] = [await spawnCli(args), await spawnCli([...args, '--threads', '2'])];
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect(other.stdout).toBe(one.stdout);
  });

  test('is stamped where signatures were not checked', async () => {
    const { stdout } = await runCli([command, LOG, '--no-verify', '--format', 'html']);
    expect(stdout).toContain('"stamps":["NOT VERIFIED: signatures were not checked"]');
  });

  test('is stamped where an input was missing, and the exit code says so too', async () => {
    const { code, stdout } = await runCli([command, LOG, 'gone.log', ...KEY, '--format', 'html']);
    expect(code).toBe(3);
    expect(stdout).toContain('"stamps":["INCOMPLETE: 1 input was not read to the end"]');
  });
});
