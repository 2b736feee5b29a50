import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { randomLog } from '../oracle/random-log.ts';
import { runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { claims, lineOf, logOf, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';

const ENV = { AUTHLOG_SECRET: SECRET };

const tallyOf = async (path: string, ...args: readonly string[]): Promise<string> => {
  const to = `${path}.tally`;
  const all = ['analyze', path, '--now', NOW, '--format', 'tally', '-o', to, ...args];
  const { code, stderr } = await runCli(all, { env: ENV });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return to;
};

const merged = async (paths: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCli(['merge', ...paths, '--json', '-q']);
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout;
};

const analyzed = async (paths: readonly string[], ...args: readonly string[]): Promise<string> => {
  const all = ['analyze', ...paths, '--now', NOW, '--json', '-q', '--no-findings', ...args];
  return (await runCli(all, { env: ENV })).stdout;
};

describe('tallies of parts', () => {
  test('of any logs, the merged tallies are the summary of the logs, byte for byte', async () => {
    const folder = tempFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(randomLog, { minLength: 1, maxLength: 3 }), async (logs) => {
        const paths = logs.map((log, i) => {
          const path = join(folder, `${run++}-${i}.log`);
          writeFileSync(path, log);
          return path;
        });
        const tallies = await Promise.all(paths.map((path) => tallyOf(path)));
        expect(await merged(tallies)).toBe(await analyzed(paths));
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test.each([
    [['--tz', 'Asia/Kolkata']],
    [['--clock', 'now', '--leeway', '90s']],
    [['--since', '2023-09-21', '--until', '2023-09-22T09:00:00Z']],
    [['--user-claim', 'email,sub']],
    [['--threads', '2', '--block-size', '2K']],
  ])('with %j too', async (args) => {
    const logs = fc.sample(randomLog, { numRuns: 2, seed: 21 });
    const paths = logs.map((log, i) =>
      tempFile(`${i}.log`, Buffer.concat(Array.from({ length: 40 }, () => log))),
    );
    const tallies = [await tallyOf(paths[0]!, ...args), await tallyOf(paths[1]!, ...args)];
    expect(await merged(tallies)).toBe(await analyzed(paths, ...args));
  });

  test('a token that two machines saw is one token; the newest e-mail address counts', async () => {
    const one = mint(claims({ email: 'old@example.com' }));
    const two = mint(claims({ email: 'new@example.com' }));
    const first = tempFile('a.log', logOf(one, two, one));
    const second = tempFile('b.log', logOf(one));
    const tallies = [await tallyOf(first), await tallyOf(second)];
    const summary = JSON.parse(await merged(tallies)) as Summary;
    expect(summary.totals).toMatchObject({ tokens: 4, distinct_tokens: 2 });
    expect(summary.users[0]).toMatchObject({ distinct_tokens: 2, email: 'old@example.com' });
    expect(await merged([await tallyOf(first)])).toBe(await analyzed([first]));
  });

  test('no token and no secret is in a tally', async () => {
    const token = mint(claims({ exp: NOW_S + 1e6 }));
    const text = readFileSync(await tallyOf(tempFile('a.log', logOf(token))), 'utf8');
    expect(text).not.toContain(token.slice(0, 20));
    expect(text).not.toContain(SECRET);
  });

  test('merge reads a pipe, and prints a table', async () => {
    const tally = await tallyOf(tempFile('a.log', logOf(mint(claims()))));
    const result = await runCli(['merge', '-'], { stdin: readFileSync(tally) });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('valid 1');
  });
});

describe('what does not add up', () => {
  const log = logOf(mint(claims()));

  test.each([
    ['--now', ['--now', '2023-09-22T10:00:01Z']],
    ['--tz', ['--tz', 'Europe/Berlin']],
    ['policy', ['--leeway', '5s']],
    ['policy', ['--no-verify']],
  ])('another %s is refused', async (what, args) => {
    const one = await tallyOf(tempFile('a.log', log));
    const path = tempFile('b.log', log);
    const all = ['analyze', path, '--now', NOW, ...args, '--format', 'tally', '-o', `${path}.t`];
    expect((await runCli(all, args[0] === '--no-verify' ? {} : { env: ENV })).code).toBe(0);
    const result = await runCli(['merge', one, `${path}.t`]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`another ${what}`);
  });

  test('a torn tally is told, and what it has is counted', async () => {
    const text = readFileSync(await tallyOf(tempFile('a.log', `${lineOf('x')}\n${log}`)), 'utf8');
    const cut = tempFile('cut.tally', text.slice(0, text.lastIndexOf('\n{"end"') + 1));
    const result = await runCli(['merge', cut, '--json']);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('torn');
    const summary = JSON.parse(result.stdout) as Summary;
    expect(summary.totals.tokens).toBe(1);
    expect(summary.incomplete).toMatchObject([{ path: cut, reason: 'truncated' }]);
  });

  test('a damaged line ends the tally, a file of another kind the run', async () => {
    const text = readFileSync(await tallyOf(tempFile('a.log', log)), 'utf8');
    const damaged = tempFile('d.tally', text.replace('"valid"', '"fine"'));
    const result = await runCli(['merge', damaged, '--json']);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('damaged');
    for (const other of [log, '{}', 'null\n', '[]\n', '']) {
      const refused = await runCli(['merge', tempFile('other', other)]);
      expect(refused, JSON.stringify(other)).toMatchObject({ code: 2 });
      expect(refused.stdout).toBe('');
    }
  });

  test('a missing tally beside another is incomplete', async () => {
    const tally = await tallyOf(tempFile('a.log', log));
    const result = await runCli(['merge', tally, '/nonexistent.tally', '--json']);
    expect(result.code).toBe(3);
    expect((JSON.parse(result.stdout) as Summary).totals.tokens).toBe(1);
    expect((await runCli(['merge', '/nonexistent.tally'])).code).toBe(3);
  });
});
