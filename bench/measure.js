// One run of one program: wall clock from here, CPU and memory from GNU time where there is one.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORK } from './places.js';

const OUT = join(WORK, 'stdout');
const ERR = join(WORK, 'stderr');
const RUSAGE = join(WORK, 'rusage');
const HALF_AN_HOUR = 1_800_000;

const gnuTime = '/usr/bin/time';
const probe = spawnSync(gnuTime, ['-f', '%U %S %M', 'true'], { encoding: 'utf8' });
export const hasGnuTime = probe.status === 0 && /^[\d.]+ [\d.]+ \d+\n$/.test(probe.stderr);

/**
 * What a measured program gets of the environment. What else its owner has set would take part: with
 * NODE_EXTRA_CA_CERTS, say, each start of node reads all certificates, which takes longer than the start.
 */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR'];
const environment = () =>
  Object.fromEntries(
    PASSED_ON.filter((name) => name in process.env).map((name) => [name, process.env[name]]),
  );

/**
 * Runs `argv` with its output in a file, or nowhere. Seconds of wall clock and of CPU (user and
 * system, with children), peak resident bytes of the largest process, and what it printed; throws
 * when it fails.
 */
export const measure = (argv, { discard = false } = {}) => {
  mkdirSync(WORK, { recursive: true });
  const command = hasGnuTime ? [gnuTime, '-f', '%U %S %M', '-o', RUSAGE, ...argv] : argv;
  const out = openSync(discard ? '/dev/null' : OUT, 'w');
  const err = openSync(ERR, 'w');
  const started = performance.now();
  const done = spawnSync(command[0], command.slice(1), {
    stdio: ['ignore', out, err],
    env: environment(),
    timeout: HALF_AN_HOUR,
  });
  const wall = (performance.now() - started) / 1000;
  closeSync(out);
  closeSync(err);
  if (done.status !== 0) {
    const said = readFileSync(ERR, 'utf8').trim().split('\n').slice(0, 3).join(' / ');
    throw new Error(`exit ${done.status ?? done.signal ?? done.error?.code}: ${said}`);
  }
  const [user, system, kilobytes] = hasGnuTime
    ? readFileSync(RUSAGE, 'utf8').trim().split(' ').map(Number)
    : [];
  return {
    run: {
      wall,
      cpu: hasGnuTime ? user + system : null,
      rss: hasGnuTime ? kilobytes * 1024 : null,
    },
    readStdout: () => (discard ? '' : readFileSync(OUT, 'utf8')),
  };
};
