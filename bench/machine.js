import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { hasGnuTime } from './measure.js';
import { ROOT } from './places.js';

const git = (...args) =>
  spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';

/** The load is that of the last minute before the run. */
export const describeMachine = () => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: cpus()[0]?.model ?? 'unknown processor',
  cores: availableParallelism(),
  memory: totalmem(),
  os: `${type()} ${release().split('-')[0]}`,
  load: loadavg()[0],
  gnuTime: hasGnuTime,
  commit:
    (git('rev-parse', '--short', 'HEAD') || 'none') +
    (git('status', '--porcelain') ? ' with changes' : ''),
});
