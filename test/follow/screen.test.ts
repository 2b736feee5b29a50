import { execFileSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { showLive } from '../../src/cli/live/show.ts';
import { Session } from '../../src/cli/live/session.ts';
import { createTheme } from '../../src/report/theme.ts';
import { tempFolder } from '../support/folder.ts';
import { hasTmux, logText } from './support.ts';
import { steady, Tmux } from './tmux.ts';

const isThere = hasTmux();

/** The process group's program that follows. */
const pidIn = (tmux: Tmux): number => {
  const shell = tmux.state('pane_pid');
  return Number(execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim().split('\n')[0]);
};

describe.runIf(isThere)('the live screen in a real terminal', () => {
  test('shows a log, its rotation, other sizes, each part alone; q gives the terminal back and prints the summary', async () => {
    const folder = tempFolder();
    const log = join(folder, 'app.log');
    writeFileSync(log, logText('every-verdict.log'));
    const tmux = new Tmux(folder, 100, 30);
    tmux.follow('analyze', 'app.log');
    const first = await tmux.sees(/ 62 lines.* 31 tokens[\s\S]*app\.log:61[\s\S]*for \d+ s|UTC/);
    await expect(`${steady(await tmux.sees(/app\.log:61/))}\n`).toMatchFileSnapshot(
      'screens/100x30.txt',
    );
    expect(tmux.state('alternate_on')).toBe('1');
    expect(tmux.state('cursor_flag')).toBe('0');
    expect(first).not.toContain('$ ');

    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, 'the writer has not been told yet\n');
    writeFileSync(log, logText('access.log'));
    const all = 63 + logText('access.log').toString('latin1').split('\n').length - 1;
    await tmux.sees(new RegExp(` ${all} lines`));

    tmux.resize(40, 12);
    const small = await tmux.sees(/q end {2}p hold/);
    await expect(`${steady(small)}\n`).toMatchFileSnapshot('screens/40x12.txt');
    tmux.resize(100, 30);
    await tmux.sees(/q quit/);
    tmux.press('Tab');
    await tmux.sees(/lines.*\n\n Newest rejections/);
    tmux.press('Right');
    await tmux.sees(/lines.*\n\n Expiring within the hour/);
    tmux.press('Left', 'BTab');
    await tmux.sees(/q quit/);
    tmux.press('?');
    await tmux.sees(/Ctrl-C: end and print the summary/);
    tmux.press('p');
    await tmux.sees(/PAUSED/);
    tmux.press('q');
    const end = await tmux.sees(/code 0/);
    expect(end).toMatch(/Expiry at 2023-09-22 10:00 UTC/);
    expect(tmux.state('alternate_on')).toBe('0');
    expect(tmux.state('cursor_flag')).toBe('1');
    tmux.type('echo typed and seen');
    await tmux.sees(/\$ echo typed and seen\ntyped and seen/);
  });

  test('Ctrl-Z gives the terminal to the shell, fg brings the screen back, Ctrl-C ends it with the summary', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'app.log'), logText('every-verdict.log'));
    const tmux = new Tmux(folder, 90, 24);
    tmux.follow('audit', 'app.log');
    await tmux.sees(/Findings: \d+/);
    tmux.press('C-z');
    await tmux.sees(/Stopped/);
    expect(tmux.state('alternate_on')).toBe('0');
    expect(tmux.state('cursor_flag')).toBe('1');
    appendFileSync(join(folder, 'app.log'), 'while it was stopped\n');
    tmux.type('fg');
    await tmux.sees(/ 63 lines[\s\S]*Findings: \d+/);
    expect(tmux.state('alternate_on')).toBe('1');
    tmux.press('C-c');
    await tmux.sees(/^\$ *$/m);
    expect(tmux.state('alternate_on')).toBe('0');
    expect(tmux.screen()).toMatch(/AL0\d\d/);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s gives the terminal back',
    async (signal) => {
      const folder = tempFolder();
      writeFileSync(join(folder, 'app.log'), logText('every-verdict.log'));
      const tmux = new Tmux(folder, 90, 24);
      tmux.follow('analyze', 'app.log');
      await tmux.sees(/ 62 lines/);
      process.kill(pidIn(tmux), signal);
      await tmux.sees(/code 0/);
      expect(tmux.state('alternate_on')).toBe('0');
      expect(tmux.state('cursor_flag')).toBe('1');
      tmux.type('echo typed and seen');
      await tmux.sees(/\$ echo typed and seen\ntyped and seen/);
    },
  );

  test('the log may come through a pipe: keys are those of the terminal', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'app.log'), logText('every-verdict.log'));
    const tmux = new Tmux(folder, 90, 24);
    tmux.followOutputOf('tail -n +1 -f app.log', 'analyze', '-');
    await tmux.sees(/stdin[\s\S]* 62 lines/);
    appendFileSync(join(folder, 'app.log'), 'one more\n');
    await tmux.sees(/ 63 lines/);
    tmux.press('q');
    await tmux.sees(/Expiry at/);
    expect(tmux.state('alternate_on')).toBe('0');
    // Ends tail, which has nothing to write and so does not notice.
    tmux.press('C-c');
  });
});

test('after an internal error the terminal is as it was', async () => {
  const written: string[] = [];
  const stdout = new PassThrough();
  stdout.on('data', (data: Buffer) => written.push(data.toString()));
  Object.assign(stdout, { isTTY: true, columns: 80, rows: 24 });
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => raw.push(on),
  });
  const host = { argv: [], env: {}, stdin, stdout, stderr: new PassThrough(), cwd: tempFolder };
  const read = { inputs: [], stdin: new PassThrough(), ring: null, now: 0, threads: 1 };
  const session = new Session({
    sources: ['nothing.log'],
    read,
    isFrozen: true,
    maxUsers: 10,
    audit: null,
    clientAddress: null,
    forwarded: false,
    host,
  });
  let looks = 0;
  const findings = (): readonly never[] => {
    if (++looks > 2) throw new Error('a fault');
    return [];
  };
  const theme = await createTheme({ color: false, unicode: true });
  const command = 'audit';
  const shown = showLive({ session, host, theme, command, isVerified: true, findings }, 100);
  await expect(shown).rejects.toThrow('a fault');
  expect(raw).toEqual([true, false]);
  const all = written.join('');
  expect(all.startsWith('\u001b[?1049h')).toBe(true);
  expect(all.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
});
