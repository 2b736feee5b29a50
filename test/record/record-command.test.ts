import { spawn } from 'node:child_process';
import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN, type Result, ROOT, runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { claims, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';
import { eventOf, readLog, type Recorded } from './events.ts';

const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.event-1.json`, 'utf8'));
const isEvent = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);
const env = { AUTHLOG_SECRET: SECRET };
const token = mint(claims({ email: 'ada@example.com' }));

/** Runs `record` to a new file and reads what is in it. */
const record = async (
  args: readonly string[],
  stdin?: string,
  variables: Readonly<Record<string, string>> = env,
): Promise<Result & { events: readonly Recorded[]; raw: string }> => {
  const to = join(tempFolder(), 'events.jsonl');
  const result = await runCli(['record', '--to', to, ...args], {
    env: variables,
    ...(stdin !== undefined && { stdin }),
  });
  const raw = statSync(to, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(to, 'utf8');
  const events = raw === '' ? [] : readLog(to).events;
  for (const event of events) {
    isEvent(event);
    expect(isEvent.errors).toBeNull();
  }
  return { ...result, events, raw };
};

describe('one event', () => {
  test('has its token judged at its time, and not the token', async () => {
    const fields = ['ip=192.0.2.7', 'status=200', 'path=/a?b=c#d', 'method=GET', 'user_agent=curl'];
    const args = [...fields, 'request_id=r1', 'build=7'].flatMap((field) => ['--field', field]);
    const more = ['--time', NOW, '--event', 'User logged in', ...args];
    const { code, stderr, events, raw } = await record(['--token', '-', ...more], ` ${token}\n`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      time: '2023-09-22T10:00:00.000Z',
      verdict: 'valid',
      user_id: 'ada',
      email: 'ada@example.com',
      event: 'User logged in',
      ip: '192.0.2.7',
      status: 200,
      path: '/a',
      method: 'GET',
      user_agent: 'curl',
      request_id: 'r1',
      fields: { build: '7' },
      seq: 1,
    });
    expect(events[0]!.event_id).toBe(`${events[0]!.writer}-1`);
    expect(raw).not.toContain(token.split('.')[2]);
  });

  test('is judged by the clock of the event: expired a second after its end', async () => {
    const at = (seconds: number): Promise<{ events: readonly Recorded[] }> =>
      record(['--token', token, '--time', String(NOW_S + seconds)]);
    expect((await at(3599)).events[0]).toMatchObject({ verdict: 'valid', expired_by_s: null });
    expect((await at(3601)).events[0]).toMatchObject({ verdict: 'expired', expired_by_s: 1 });
  });

  test('is unverified without a key, and a token on the command line is remarked on', async () => {
    const { events, stderr } = await record(['--token', `Bearer ${token}`], undefined, {});
    expect(events[0]).toMatchObject({ verdict: 'unverified', user_id: 'ada' });
    expect(stderr).toMatch(/^authlog: others can see a token on the command line.*\n$/);
    const quiet = await record(['-q'], `${JSON.stringify({ token })}\n`, {});
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
  });

  test('without a token may say who it was; a token knows better', async () => {
    const user = ['--field', 'user_id=eve', '--field', 'email=eve@example.com'];
    const { events } = await record(['--event', 'login_failed', ...user]);
    expect(events[0]).toMatchObject({ verdict: null, user_id: 'eve', user_id_type: 'string' });
    const judged = await record(['--token', token, '--time', NOW, ...user]);
    expect(judged.events[0]).toMatchObject({ user_id: 'ada', email: 'ada@example.com' });
  });

  test.each([
    [['--field', 'status=ok', '--event', 'x'], 'the event has a status that is no number'],
    [['--field', 'nothing'], '--field has no name'],
    [['--event', 'x', '--time', 'soon'], '--time is no time'],
    [['--time', NOW], '--time is for one event'],
    [['--token', '-'], 'there is no token on standard input'],
    [['--event', 'x', '--secret-file', '/nonexistent'], '/nonexistent'],
    [['--event', 'x', '--durability', 'sometimes'], 'durability'],
  ])('refuses %j', async (args, reason) => {
    const { code, stderr, raw } = await record(args, '');
    expect({ code, raw }).toEqual({ code: 2, raw: '' });
    expect(stderr).toContain(reason);
  });
});

describe('a stream of events', () => {
  test('is recorded line by line; bad lines are named and left out', async () => {
    const lines = [
      JSON.stringify({ token, time: NOW, event: 'a', shop: 5, ok: true, none: null }),
      'not json',
      '',
      '[1]',
      JSON.stringify({ event: 'b', time: NOW_S, fields: { x: 1 } }),
      JSON.stringify({ event: 'c', status: 'many' }),
      JSON.stringify({ event: 'd', deep: { a: 1 } }),
      JSON.stringify({ schema: 'other/1' }),
      JSON.stringify({ ip: 7 }),
      '{}',
      `{"event":"${'x'.repeat(1_100_000)}"}`,
      JSON.stringify({ event: 'last', time: NOW_S * 1000 }),
    ];
    const { code, stderr, events } = await record([], lines.join('\n'));
    expect(code).toBe(3);
    expect(events.map(({ event }) => event)).toEqual(['a', 'b', 'last']);
    expect(events.map(({ time }) => time)).toEqual(Array(3).fill('2023-09-22T10:00:00.000Z'));
    expect(events[0]).toMatchObject({ verdict: 'valid', fields: { shop: 5, ok: true } });
    expect(events[1]!.fields).toEqual({ x: 1 });
    const said = stderr.split('\n').map((line) => line.replace('authlog: ', ''));
    expect(said).toEqual([
      'line 2 is no JSON',
      'line 4 is no JSON object',
      'line 6 has a status that is no number such as 200',
      'line 7 has a field that is no single value: deep',
      'line 8 has another schema than authlog.event/1',
      'line 9 has a member that is no text: ip',
      'line 10 says nothing',
      'line 11 is longer than 1 MiB',
      'recorded 3 events; 8 lines left out',
      '',
    ]);
  });

  test('keeps finished events as they are, and numbers them anew', async () => {
    const first = await record(['--chain', '--token', token, '--time', NOW, '--field', 'x=1']);
    const line = first.raw.trimEnd();
    const { events, code } = await record([], `${line}\n${line}\n`);
    expect(code).toBe(0);
    const { writer, seq, prev, hash, ...event } = first.events[0]!;
    expect([seq, prev, typeof hash]).toEqual([1, null, 'string']);
    for (const [index, copy] of events.entries()) {
      expect(copy).toEqual({ ...event, writer: expect.any(String), seq: index + 1 });
      expect(copy.writer).not.toBe(writer);
    }
    const bad = [
      { ...eventOf('') },
      { ...eventOf('a'), verdict: 'good' },
      { ...eventOf('a'), roles: 1 },
    ];
    const refused = await record([], bad.map((one) => JSON.stringify(one)).join('\n'));
    expect(refused).toMatchObject({ code: 3, events: [] });
  });

  const start = (
    to: string,
  ): { child: ReturnType<typeof spawn>; stderr: () => string; ended: Promise<unknown> } => {
    const child = spawn(process.execPath, [BIN, 'record', '--to', to, '--durability', 'always']);
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    return { child, ended, stderr: () => stderr };
  };
  const linesOf = (path: string): number =>
    statSync(path, { throwIfNoEntry: false }) === undefined
      ? 0
      : readFileSync(path, 'utf8').split('\n').length - 1;
  const until = async (path: string, count: number): Promise<void> => {
    while (linesOf(path) < count) await sleep(10);
  };

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'ends at %s with %i and all it read; SIGHUP makes a new file',
    async (signal, code) => {
      const to = join(tempFolder(), 'events.jsonl');
      const { child, ended, stderr } = start(to);
      child.stdin!.write('{"event":"a"}\n{"event":"b"}\n');
      await until(to, 2);
      renameSync(to, `${to}.1`);
      child.kill('SIGHUP');
      while (statSync(to, { throwIfNoEntry: false }) === undefined) await sleep(10);
      child.stdin!.write('{"event":"c"}\n{"event":"half');
      await until(to, 1);
      child.kill(signal);
      expect(await ended).toBe(code);
      expect(stderr()).toBe('authlog: recorded 3 events\n');
      expect(readLog(`${to}.1`, to)).toMatchObject({ torn: [], events: { length: 3 } });
    },
  );
});

test('the text format is read back as it was meant, and says that it holds live tokens', async () => {
  const to = join(tempFolder(), 'auth.log');
  const expired = mint(claims({ sub: 'eve', exp: NOW_S - 60 }));
  for (const [one, event] of [
    [token, 'User logged in'],
    [expired, 'User tried'],
  ] as const) {
    const args = ['--token', '-', '--event', event, '--time', '2023-09-22T09:59:59.123Z'];
    const { code, stderr } = await runCli(['record', '--to', to, '--format', 'text', ...args], {
      stdin: one,
    });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `authlog: ${to} holds live tokens: who reads it can use them\n`,
    });
  }
  const stamp = '2023-09-22 09:59:59,123';
  expect(readFileSync(to, 'utf8')).toBe(
    `${stamp} - Token: ${token}\n${stamp} - User Log: User logged in\n` +
      `${stamp} - Token: ${expired}\n${stamp} - User Log: User tried\n`,
  );
  const { stdout } = await runCli(['events', to, '--now', NOW], { env });
  const read = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
  expect(read.map(({ verdict, event, time }) => [verdict, event, time])).toEqual([
    ['valid', 'User logged in', '2023-09-22T09:59:59.123Z'],
    ['expired', 'User tried', '2023-09-22T09:59:59.123Z'],
  ]);
});
