import { parseArgs } from 'node:util';
import { join, relative } from 'node:path';
import { KINDS } from './kinds.js';
import { ROOT } from './places.js';

export const HELP = `node bench/run.js [options]

  --kinds a,b      ${Object.keys(KINDS).join(', ')} (default: all)
  --only a,b       these programs, in every kind that they can read
  --goals          measures and prints nothing but what the goals of these kinds need
  --tokens 1M      tokens of a log of distinct tokens; the others follow from it
  --runs 5         rounds
  --authlog FILE   another build
  --keep           keeps the result; a run with the default kinds, programs and size is always kept
  --smoke          20k tokens, one round, keeps nothing
  --clean          removes the logs made so far, and ends
`;

const count = (text) => {
  const found = /^(\d+)([kM]?)$/.exec(text);
  const value = found ? Number(found[1]) * { '': 1, k: 1e3, M: 1e6 }[found[2]] : 0;
  if (value === 0) throw new Error(`not a count: ${text}`);
  return value;
};

const names = (text, known, what) => {
  const list = text.split(',');
  for (const name of list) {
    if (!known.includes(name)) throw new Error(`no such ${what}: ${name} (${known.join(', ')})`);
  }
  return list;
};

/** The command line as options; throws one sentence when it can't be understood. */
export const readOptions = (args, knownPrograms) => {
  const { values } = parseArgs({
    args,
    options: {
      tokens: { type: 'string' },
      runs: { type: 'string' },
      kinds: { type: 'string' },
      only: { type: 'string' },
      authlog: { type: 'string' },
      goals: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { smoke, goals, clean, help } = values;
  const asked = ['tokens', 'kinds', 'only', 'authlog'].some((name) => values[name] !== undefined);
  const kinds = Object.keys(KINDS);
  return {
    tokens: count(values.tokens ?? (smoke ? '20k' : '1M')),
    runs: count(values.runs ?? (smoke ? '1' : '5')),
    kinds: values.kinds === undefined ? kinds : names(values.kinds, kinds, 'kind'),
    only: values.only === undefined ? null : names(values.only, knownPrograms, 'program'),
    authlogBin: values.authlog ?? join(ROOT, 'bin/authlog.js'),
    goals,
    clean,
    help,
    keep: values.keep || !(smoke || goals || asked),
    command: ['node bench/run.js', ...args].join(' '),
  };
};

/** The options as a kept run names them. */
export const optionsOfRun = ({ tokens, runs, kinds, only, authlogBin, command }) => ({
  tokens,
  runs,
  kinds,
  only,
  authlogBin: relative(ROOT, authlogBin),
  command,
});
