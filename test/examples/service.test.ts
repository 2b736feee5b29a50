import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BIN, ROOT, spawnCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { ask, describeWith, startGuard } from '../support/servers.ts';
import { claims, mint, SECRET } from '../support/tokens.ts';
import { bearer, eventsOf, fillIn } from './proxied.ts';

const UNITS = `${ROOT}examples/systemd`;
const unit = (name: string): string => readFileSync(join(UNITS, name), 'utf8');

/** The words of a unit's `ExecStart`, without the program. */
const argsOf = (name: string): readonly string[] =>
  /^ExecStart=\/usr\/bin\/authlog (.+)$/m.exec(unit(name))![1]!.split(' ');

const SYSTEMD = { from: 'systemd', isOptional: true };

describeWith(
  'systemd-analyze',
  (program) => {
    test('systemd finds no fault with the units, and little that they could do harm with', () => {
      const folder = tempFolder();
      const files = readdirSync(UNITS)
        .filter((name) => !name.endsWith('.md'))
        .map((name) => {
          writeFileSync(join(folder, name), unit(name).replace('/usr/bin/authlog', BIN));
          return join(folder, name);
        });
      expect(files).toHaveLength(3);
      const { status, stderr } = spawnSync(program, ['verify', ...files], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      for (const file of files.filter((name) => name.endsWith('.service'))) {
        const args = ['security', '--offline=yes', '--threshold=15', '--no-pager', file];
        expect(spawnSync(program, args).status, file).toBe(0);
      }
    });
  },
  SYSTEMD,
);

test('the guard of the unit starts, and the report of the unit reads what it recorded', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'log'));
  writeFileSync(join(folder, 'secret'), SECRET, { mode: 0o600 });
  writeFileSync(join(folder, 'rules.json'), '{"rules":[{"path":"/admin","roles":["admin"]}]}');
  const place = (word: string): string =>
    word
      .replace('%d/secret', join(folder, 'secret'))
      .replace('/etc/authlog', folder)
      .replace('/var/log/authlog', join(folder, 'log'));
  const [name, flag, address, ...flags] = argsOf('authlog-guard.service').map(place);
  expect([name, flag, address]).toEqual(['guard', '--listen', '127.0.0.1:8787']);
  const guard = await startGuard(flags);
  onTestFinished(() => guard.end('SIGKILL'));
  const token = mint({ ...claims({ sub: 'ada' }), exp: Math.floor(Date.now() / 1000) + 60 });
  const asked = await ask(guard.port, '/verify', [bearer(token), 'X-Original-URI: /a']);
  expect(asked.status).toBe(204);
  const { code, stdout, stderr } = await spawnCli(argsOf('authlog-report.service').map(place));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('ada');
});

describeWith('logrotate', (logrotate) => {
  test('while the guard works, no event is lost and the new file is private', async () => {
    const folder = tempFolder();
    const record = join(folder, 'guard.jsonl');
    writeFileSync(join(folder, 'secret'), SECRET, { mode: 0o600 });
    const guard = await startGuard(['--secret-file', join(folder, 'secret'), '--record', record]);
    onTestFinished(() => guard.end('SIGKILL'));
    const example = fillIn(readFileSync(`${ROOT}examples/logrotate/authlog`, 'utf8'), {
      '/var/log/authlog/*.jsonl': `${folder}/*.jsonl`,
      'systemctl reload authlog-guard.service': `kill -HUP ${guard.pid}`,
    });
    writeFileSync(join(folder, 'rotate.conf'), example, { mode: 0o644 });
    const rotate = (): Buffer =>
      execFileSync(logrotate, ['-f', '-s', join(folder, 'state'), join(folder, 'rotate.conf')]);
    let asked = 0;
    const askSome = async (): Promise<void> => {
      for (let i = 0; i < 20; i++, asked++) {
        expect((await ask(guard.port, '/verify', ['X-Original-URI: /a'])).status).toBe(401);
      }
    };
    for (let i = 0; i < 3; i++) {
      const asking = askSome();
      rotate();
      await asking;
    }
    await guard.end('SIGTERM');
    const files = readdirSync(folder).filter((name) => name.startsWith('guard.jsonl'));
    expect(files.length).toBeGreaterThan(2);
    expect(statSync(record).mode & 0o777).toBe(0o600);
    const count = files.reduce((sum, name) => sum + countOf(join(folder, name)), 0);
    expect(count).toBe(asked);
  });
});

const countOf = (file: string): number =>
  file.endsWith('.gz')
    ? execFileSync('gzip', ['-dc', file], { encoding: 'utf8' }).trim().split('\n').length
    : eventsOf(file).length;
