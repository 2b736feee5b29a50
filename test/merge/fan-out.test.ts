import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { randomLog } from '../oracle/random-log.ts';
import { BIN, spawnCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { NOW, SECRET } from '../support/tokens.ts';

const COMMANDS = [
  [
    'xargs',
    `ls *.log | xargs -P 3 -I{} authlog analyze {} --now ${NOW} --format tally -q -o {}.tally`,
  ],
  [
    'parallel',
    `parallel "authlog analyze {} --now ${NOW} --format tally -q -o {}.tally" ::: *.log`,
  ],
  [
    'sh',
    `for f in *.log; do cat $f | authlog analyze - --now ${NOW} --format tally -q > $f.tally; done`,
  ],
] as const;

/** A pipe has no name and no mode: inputs, and what is remarked on them, are left out. */
const numbers = (json: string): object => {
  const { inputs: _i, notices: _n, ...rest } = JSON.parse(json) as Summary;
  return rest;
};

test.each(COMMANDS)(
  '%s fans out, and merge prints what analyze would',
  async (program, command) => {
    if (spawnSync('which', [program]).status !== 0) {
      console.warn(`skipped: ${program} is not installed (Debian: apt-get install ${program})`);
      return;
    }
    const folder = tempFolder();
    const logs = fc.sample(randomLog, { numRuns: 5, seed: 33 });
    for (const [i, log] of logs.entries()) writeFileSync(join(folder, `part-${i}.log`), log);
    writeFileSync(
      join(folder, 'authlog'),
      `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`,
      {
        mode: 0o755,
      },
    );
    const env = {
      HOME: folder,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      AUTHLOG_SECRET: SECRET,
    };
    const done = spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
    const names = logs.map((_, i) => `part-${i}.log`);
    const tallies = names.map((name) => `${name}.tally`);
    for (const tally of tallies) {
      expect(readFileSync(join(folder, tally), 'utf8')).toContain('"end"');
    }
    const run = (args: readonly string[]): Promise<{ stdout: string }> =>
      spawnCli(args, { cwd: folder, env });
    const merged = await run(['merge', ...tallies, '--json', '-q']);
    const whole = await run(['analyze', ...names, '--now', NOW, '--json', '-q', '--no-findings']);
    expect(numbers(merged.stdout)).toEqual(numbers(whole.stdout));
  },
);
