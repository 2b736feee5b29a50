import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, ROOT } from './support/cli.ts';

const README = `${ROOT}README.md`;
const text = readFileSync(README, 'utf8');
const BLOCK = /```console\n\$ (.+)\n([^]*?)```/g;
const hasJq = ((): boolean => {
  try {
    execFileSync('jq', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authlog-readme-'));
  cpSync(`${ROOT}fixtures`, join(folder, 'fixtures'), { recursive: true });
  // A clone has the modes of its owner's umask; the README shows these.
  for (const name of ['auth_logs.log', 'access.log'])
    chmodSync(join(folder, 'fixtures/logs', name), 0o644);
  chmodSync(join(folder, 'fixtures/keys/secret'), 0o600);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin/authlog'),
    `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`,
    { mode: 0o755 },
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (command: string): string =>
  execFileSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });

describe('the README', () => {
  const blocks = [...text.matchAll(BLOCK)].map((match) => ({
    command: match[1] ?? '',
    output: match[2] ?? '',
  }));

  test('starts with a command and what it prints', () => {
    expect(text.indexOf('```console')).toBeLessThan(400);
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  test.each(blocks)('prints what it says: $command', ({ command, output }) => {
    if (command.includes('jq') && !hasJq) {
      console.warn('skipped: jq is not installed (apt-get install jq)');
      return;
    }
    const printed = run(command);
    if (process.env['UPDATE_README'] === '1') {
      const updated = readFileSync(README, 'utf8').replace(
        `$ ${command}\n${output}`,
        () => `$ ${command}\n${printed}`,
      );
      writeFileSync(README, updated);
      return;
    }
    expect(printed).toBe(output);
  });

  test('names the two commands for a fresh machine', () => {
    expect(text).toContain('npm ci && npm run demo');
    expect(text).toContain('npm ci && npm test');
  });
});
