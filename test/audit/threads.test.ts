import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { BIN, ROOT, runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { claims, KEYS, mint, NOW, NOW_S } from '../support/tokens.ts';

const SECRET = readFileSync(`${KEYS}/secret`, 'utf8').trimEnd();

/** Some megabytes with several kinds of attack, and tokens that come again far apart. */
const attacked = (seed: number): string => {
  const random = createRandom(seed);
  const tokens = Array.from({ length: 300 }, (_, i) =>
    mint(claims({ sub: `user-${i % 60}`, iat: NOW_S - 7200, jti: `j${i}` }), {
      secret: i % 10 === 0 ? 'x'.repeat(40) : SECRET,
      ...(i % 37 === 0 && { header: { jku: 'https://evil.example' } }),
    }),
  );
  const lines: string[] = [];
  for (let i = 0; i < 8000; i++) {
    const time = new Date((NOW_S - 7000) * 1000 + i * 800).toISOString();
    const token = random.pick(tokens);
    const ip = `203.0.${random.below(3)}.${random.below(9)}`;
    const status = random.pick([200, 200, 401, 403]);
    lines.push(
      `{"time":"${time}","ip":"${ip}","ua":"curl/${random.below(3)}","path":"/p${random.below(90)}","status":${status},"auth":"Bearer ${token}"}`,
    );
  }
  return `${lines.join('\n')}\n`;
};

describe('the findings are a function of the bytes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'authlog-test-'));
  const log = join(folder, 'attacked.log');
  writeFileSync(log, attacked(7));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const built = (args: readonly string[], input?: string): string =>
    execFileSync(
      process.execPath,
      [BIN, ...args, '--secret-file', `${KEYS}/secret`, '--now', NOW, '--config', '-', '-q'],
      { encoding: 'utf8', maxBuffer: 1 << 26, ...(input !== undefined && { input }) },
    );

  test('the same for one thread and three, and for any size of blocks', () => {
    const one = built(['audit', log, '--json', '--threads', '1']);
    expect(JSON.parse(one).findings.length).toBeGreaterThan(5);
    for (const size of ['4096', '32768']) {
      expect(built(['audit', log, '--json', '--threads', '3', '--block-size', size])).toBe(one);
    }
  });

  test('the same whether a log is one file or cut in two, whatever the order of its parts', () => {
    const lines = readFileSync(log, 'utf8').split('\n');
    const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')];
    writeFileSync(a, lines.filter((_, i) => i % 2 === 0).join('\n'));
    writeFileSync(b, lines.filter((_, i) => i % 2 === 1).join('\n'));
    const told = (args: readonly string[]): unknown =>
      JSON.parse(built([...args, '--json', '--disable', 'AL028,AL029'])).findings.map(
        ({ id, level, count }: Record<string, unknown>) => ({ id, level, count }),
      );
    const whole = told(['audit', log]);
    expect(told(['audit', a, b])).toEqual(whole);
    expect(told(['audit', b, a])).toEqual(whole);
  });
});

describe('analyze tells of the findings of small logs', () => {
  const log = `${ROOT}fixtures/logs/access.log`;
  const args = ['--secret-file', `${KEYS}/secret`, '--now', NOW, '--json'];

  test('as many as audit finds, from a file and from a pipe', async () => {
    const { findings } = JSON.parse((await runCli(['analyze', log, ...args])).stdout);
    const { totals } = JSON.parse(
      (await runCli(['audit', log, '--disable', 'AL018', ...args])).stdout,
    );
    expect(findings).toEqual(totals.levels);
    const stdin = readFileSync(log);
    const piped = JSON.parse((await runCli(['analyze', '-', ...args], { stdin })).stdout);
    const { critical, high } = piped.findings;
    expect([critical, high]).toEqual([totals.levels.critical, totals.levels.high - 1]);
  });

  test('not of larger ones, of logs without a key, or where the settings are wrong', async () => {
    const folder = tempFolder();
    const large = join(folder, 'large.log');
    writeFileSync(large, `${'x'.repeat(99)}\n`.repeat(42_000));
    const findingsOf = async (more: readonly string[], cwd = ROOT): Promise<unknown> =>
      JSON.parse((await runCli(['analyze', ...more, '--json'], { cwd })).stdout).findings;
    expect(await findingsOf([large, ...args])).toBeNull();
    expect(await findingsOf([log, '--no-verify'])).toBeNull();
    writeFileSync(join(folder, 'authlog.config.json'), '{"nonsense":1}');
    const { stdout, code } = await runCli(['analyze', log, ...args], { cwd: folder });
    expect(code).toBe(0);
    const { findings, notices } = JSON.parse(stdout);
    expect(findings).toBeNull();
    expect(notices.map(({ code: word }: { code: string }) => word)).toContain('rules_not_run');
  });
});
