import { spawnSync } from 'node:child_process';
import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkLog } from '../../src/record/check-log.ts';
import { openEventLog } from '../../src/record/open.ts';
import { buildChild, type Child, startChild } from '../record/children.ts';
import { eventOf, readLog, writersWithGaps } from '../record/events.ts';
import { runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { claims, mint } from '../support/tokens.ts';
import { createRandom } from '../oracle/random.ts';

const skip = (reason: string): void => void process.stderr.write(`skipped: ${reason}\n`);

/** Every event that a child was told was recorded is there, and none twice. */
const expectAllThere = (children: readonly Child[], ids: readonly string[]): void => {
  const found = new Set(ids);
  expect(found.size).toBe(ids.length);
  const lost = children.flatMap((child) => child.acknowledged()).filter((id) => !found.has(id));
  expect(lost).toEqual([]);
};

test('row 107: eight processes record 5,000 events each into one file: none torn, lost or twice', async () => {
  const folder = tempFolder();
  const to = join(folder, 'events.jsonl');
  const program = await buildChild(folder);
  const random = createRandom(107);
  const children = Array.from({ length: 8 }, (_, n) => {
    const lengths = Array.from({ length: 97 }, () => random.below(900));
    // With the other members some 300 bytes to 60 kB.
    lengths[n] = 59_000;
    lengths[n + 20] = 20_000;
    return startChild(program, { to, name: `p${n}`, count: 5000, lengths });
  });
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(Array(8).fill(0));
  const { events, torn } = readLog(to);
  expect(torn).toEqual([]);
  expect(events).toHaveLength(40_000);
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(40_000);
  expect(new Set(events.map(({ writer }) => writer)).size).toBe(8);
  expect(writersWithGaps(events)).toEqual([]);
});

describe('text that somebody sends', () => {
  const token = mint(claims());
  const HOSTILE = [
    'first\n{"schema":"authlog.event/1","verdict":"valid"}',
    '\u001B[2J\u009B31m\u0007\r\u2028\u202E',
    '"},"verdict":"valid","x":{"y":"',
    `see ${token} and Bearer ${'a'.repeat(40)}`,
    '\uD800 lone',
  ];

  test('row 108: stays in its one line of JSON, with no control character and no usable token', async () => {
    const to = join(tempFolder(), 'events.jsonl');
    for (const text of HOSTILE) {
      const more = ['--field', `user_agent=${text}`, '--field', `${text}=${text}`];
      const args = ['record', '--to', to, '--event', text, '--field', `path=/${text}?q`, ...more];
      expect((await runCli(args)).code).toBe(0);
    }
    const raw = readFileSync(to, 'utf8');
    expect(raw.trimEnd().split('\n')).toHaveLength(HOSTILE.length);
    expect(raw.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u202E]/u);
    expect(raw).not.toContain(token.split('.')[2]!);
    expect(raw).not.toContain('a'.repeat(40));
    const { events } = readLog(to);
    expect(events.map(({ verdict }) => verdict)).toEqual(HOSTILE.map(() => null));
    expect(events[0]!.event).toBe(HOSTILE[0]);
    expect(events[1]!.user_agent).toBe(HOSTILE[1]);
  });

  test('row 108: cannot forge a line of the text format', async () => {
    const to = join(tempFolder(), 'auth.log');
    const forged = `in\n2023-09-22 10:00:00,000 - Token: ${token}\nToken: abc`;
    for (const event of [...HOSTILE, forged, `${forged}\r\n\u0085Token:  x token : y`]) {
      const args = ['record', '--to', to, '--format', 'text', '--event', event, '-q'];
      expect((await runCli([...args, '--token', token])).code).toBe(0);
    }
    // Nor can what is no token, though it was sent as one.
    const bad = ['--token', `x\n2023-09-22 10:00:00,000 - Token: ${token}`, '--event', 'bad'];
    expect((await runCli(['record', '--to', to, '--format', 'text', ...bad, '-q'])).code).toBe(0);
    const lines = readFileSync(to, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2 * (HOSTILE.length + 3));
    const isTokenLine = (line: string): boolean => /Token: /.test(line);
    expect(lines.filter(isTokenLine)).toHaveLength(HOSTILE.length + 3);
    expect(lines.every((line, index) => isTokenLine(line) === (index % 2 === 0))).toBe(true);
    expect(lines.filter((line) => line.endsWith(` - Token: ${token}`))).toHaveLength(
      HOSTILE.length + 2,
    );
    expect(lines.join('')).not.toMatch(/[\p{Cc}\u2028\u202E]/u);
  });
});

describe('processes that are killed', () => {
  const LENGTHS = [100, 4000, 100, 30_000, 500, 59_000, 8000];
  const ROUNDS = 6;
  const KILLS = 10;

  test('row 109: 60 SIGKILLs beside a process that goes on: nothing acknowledged is lost', async () => {
    const folder = tempFolder();
    const program = await buildChild(folder);
    const random = createRandom(109);
    for (let round = 0; round < ROUNDS; round++) {
      const to = join(folder, `events-${round}.jsonl`);
      const shared = { to, count: 1e6, lengths: LENGTHS, acknowledges: true };
      const steady = startChild(program, { ...shared, lengths: [200, 300], name: 'steady' });
      await steady.opened;
      const killed: Child[] = [];
      for (let n = 0; n < KILLS; n += 2) {
        const pair = [0, 1].map((i) => startChild(program, { ...shared, name: `k${n + i}` }));
        await Promise.all(
          pair.map(async (child) => {
            await child.opened;
            await sleep(1 + random.below(15));
            child.process.kill('SIGKILL');
            await child.ended;
          }),
        );
        killed.push(...pair);
      }
      steady.process.kill('SIGTERM');
      expect(await steady.ended, steady.stderr()).toBe(0);
      const after = await openEventLog(to);
      await after.append(eventOf('after'));
      await after.close();
      const { events, torn } = readLog(to);
      expect(torn.length).toBeLessThanOrEqual(2 * KILLS);
      expect(events.at(-1)!.event_id).toBe('after');
      expect(killed.every((child) => child.process.signalCode === 'SIGKILL')).toBe(true);
      expect(steady.acknowledged().length).toBeGreaterThan(0);
      expectAllThere(
        [steady, ...killed],
        events.map(({ event_id }) => event_id),
      );
      rmSync(to);
    }
  });

  test('row 109: half a record is left alone, and the next one begins a line of its own', async () => {
    for (const half of ['{"schema":"authlog.event/1","event_id":"half', '{"sch']) {
      const to = join(tempFolder(), 'events.jsonl');
      writeFileSync(to, half, { mode: 0o600 });
      const log = await openEventLog(to);
      await log.append(eventOf('a'));
      await log.append(eventOf('b'));
      await log.close();
      const { events, torn } = readLog(to);
      expect(torn).toEqual([half]);
      expect(events.map(({ event_id }) => event_id)).toEqual(['a', 'b']);
    }
  });

  test('row 109: half a record that another process left meanwhile costs nothing', async () => {
    const to = join(tempFolder(), 'events.jsonl');
    const log = await openEventLog(to);
    await log.append(eventOf('a'));
    writeFileSync(to, '{"schema":"authlog.ev', { flag: 'a' });
    await log.append(eventOf('b'));
    await log.append(eventOf('c'));
    await log.close();
    const { events, torn } = readLog(to);
    expect(events.map(({ event_id }) => event_id)).toEqual(['a', 'b', 'c']);
    expect(torn).toHaveLength(1);
  });
});

describe('rotation', () => {
  const names = (folder: string): string[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith('events.jsonl'))
      .map((name) => join(folder, name));

  const whileRecording = async (
    folder: string,
    rotate: (to: string, children: readonly Child[]) => Promise<void>,
  ): Promise<void> => {
    const to = join(folder, 'events.jsonl');
    const program = await buildChild(folder);
    const children = ['a', 'b'].map((name) =>
      startChild(program, { to, name, count: 1e6, lengths: [100, 2000], acknowledges: true }),
    );
    await Promise.all(children.map(({ opened }) => opened));
    await rotate(to, children);
    for (const child of children) child.process.kill('SIGTERM');
    for (const child of children) expect(await child.ended, child.stderr()).toBe(0);
    const { events, torn } = readLog(...names(folder));
    expect(torn).toEqual([]);
    expect(writersWithGaps(events)).toEqual([]);
    expectAllThere(
      children,
      events.map(({ event_id }) => event_id),
    );
    const sizes = names(folder).map((path) => readFileSync(path).length);
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(5);
  };

  const hasLogrotate = spawnSync('logrotate', ['--version']).status === 0;
  if (!hasLogrotate) skip('no logrotate on this machine');

  test.skipIf(!hasLogrotate)('row 110: logrotate -f in a loop loses nothing', async () => {
    const folder = tempFolder();
    await whileRecording(folder, async (to, children) => {
      const config = join(folder, 'logrotate.conf');
      const pids = children.map(({ process: { pid } }) => pid).join(' ');
      const script = `postrotate\nkill -HUP ${pids}\nendscript`;
      writeFileSync(config, `${to} {\nrotate 100\ncreate 0600\n${script}\n}\n`, { mode: 0o600 });
      for (let n = 0; n < 15; n++) {
        const rotated = spawnSync('logrotate', ['-f', '-s', join(folder, 'state'), config]);
        expect(rotated.stderr.toString()).toBe('');
        await sleep(60);
      }
    });
  });

  test('row 110: renaming and SIGHUP loses nothing', async () => {
    await whileRecording(tempFolder(), async (to, children) => {
      for (let n = 0; n < 10; n++) {
        renameSync(to, `${to}.${n}`);
        for (const child of children) child.process.kill('SIGHUP');
        while (!names(join(to, '..')).includes(to)) await sleep(5);
        await sleep(40);
      }
    });
  });

  test('row 110: a file that is emptied (copytruncate) goes on from its start', async () => {
    const to = join(tempFolder(), 'events.jsonl');
    const log = await openEventLog(to);
    await log.append(eventOf('a', 5000));
    truncateSync(to);
    await log.append(eventOf('b'));
    await log.append(eventOf('c'));
    await log.close();
    const text = readFileSync(to, 'utf8');
    expect(text).toMatch(/^\{/);
    expect(text).not.toContain('\0');
    expect(readLog(to).events.map(({ event_id }) => event_id)).toEqual(['b', 'c']);
  });
});

test('row 111: a full disk is an error, and recording goes on when there is space', async () => {
  const disk = tempFolder();
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]);
  if (mount.status !== 0) {
    skip('no right to mount a small disk');
    return;
  }
  onTestFinished(() => void spawnSync('umount', [disk]));
  const to = join(disk, 'events.jsonl');
  for (const chain of [false, true]) {
    writeFileSync(join(disk, 'filler'), 'x'.repeat(60_000));
    const log = await openEventLog(to, { chain });
    const acknowledged: string[] = [];
    let failures = 0;
    for (let n = 0; n < 60; n++) {
      const id = `e${n}`;
      try {
        await log.append(eventOf(id, 2500));
        acknowledged.push(id);
      } catch (error) {
        expect(error).toMatchObject({ code: 'OUTPUT', exitCode: 4 });
        failures += 1;
        if (failures === 3) rmSync(join(disk, 'filler'));
      }
      if (failures >= 3 && acknowledged.includes(id)) break;
    }
    expect(failures).toBe(3);
    await log.append(eventOf('last'));
    await log.close();
    const { events, torn } = readLog(to);
    expect(events.map(({ event_id }) => event_id)).toEqual([...acknowledged, 'last']);
    expect(torn.length).toBeLessThanOrEqual(3);
    expect(writersWithGaps(events)).toEqual([]);
    if (chain) expect(await checkLog([to])).toMatchObject({ intact: true, finding: null });
    rmSync(to);
  }
});
