import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { manualFiles } from '../../scripts/manual/generated.ts';
import { ROOT } from '../support/cli.ts';
import { has } from './terminal.ts';

const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  version: string;
  man: string[];
};
const pages = readdirSync(`${ROOT}man`).map((name) => `man/${name}`);

test('what lies in the package is what the definitions make: npm run manual', async () => {
  const made = await manualFiles(manifest.version);
  const there = [...pages, ...readdirSync(`${ROOT}completions`).map((n) => `completions/${n}`)];
  expect(there.toSorted()).toEqual([...made.keys()].toSorted());
  for (const [path, text] of made) expect(readFileSync(ROOT + path, 'utf8'), path).toBe(text);
  expect(manifest.man.toSorted()).toEqual(pages.toSorted());
});

describe('the manual', () => {
  test.each(pages)('%s renders without a warning', (page) => {
    if (!has('groff', 'man')) return;
    const groff = spawnSync('groff', ['-man', '-ww', '-z', ROOT + page], { encoding: 'utf8' });
    expect(groff.stderr).toBe('');
    const env = { ...process.env, MANWIDTH: '80', MANPAGER: 'cat', MANROFFOPT: '-ww', LC_ALL: 'C' };
    const man = spawnSync('man', ['--warnings=all', '-l', ROOT + page], { encoding: 'utf8', env });
    expect([man.status, man.stderr]).toEqual([0, '']);
    // Only a variable's name or an example is longer than a line.
    for (const title of ['NAME', 'SYNOPSIS', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'SEE ALSO']) {
      expect(man.stdout).toMatch(new RegExp(`^${title}$`, 'm'));
    }
  });

  test('says of a flag what the help says, its variable and its group', () => {
    if (!has('man')) return;
    const env = { ...process.env, MANWIDTH: '80', MANPAGER: 'cat', LC_ALL: 'C' };
    const { stdout } = spawnSync('man', ['-l', `${ROOT}man/authlog-analyze.1`], {
      encoding: 'utf8',
      env,
    });
    expect(stdout).toMatch(/^ {3}Keys$/m);
    expect(stdout).toMatch(/--secret-file file\n {14}Shared secret for HS256/);
    expect(stdout).toMatch(/AUTHLOG_SECRET_FILE\n {14}The same as --secret-file\./);
    expect(stdout).toMatch(/authlog analyze auth_logs\.log --secret-file secret/);
  });
});
