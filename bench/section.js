// One kind: its logs made, its programs run in turns, their counts held against the true ones.
import { createReadStream, mkdirSync, statfsSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { bytesToWrite, makeLog } from './corpus.js';
import { KINDS } from './kinds.js';
import { measure } from './measure.js';
import { shown, WORK } from './places.js';
import { median } from './statistics.js';

const SPARE_BYTES = 500e6;

const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

const logNames = (kind) => [KINDS[kind].log, KINDS[kind].beside].filter(Boolean);

/** Why the disk has no room for the logs of a kind, as a sentence; null when it has. */
export const lacksRoom = (kind, tokens) => {
  mkdirSync(WORK, { recursive: true });
  const needed = logNames(kind).reduce((sum, name) => sum + bytesToWrite(name, tokens), 0);
  const { bavail, bsize } = statfsSync(WORK);
  if (needed + SPARE_BYTES <= bavail * bsize) return null;
  return `its logs need ${gigabytes(needed)} and ${gigabytes(SPARE_BYTES)} to spare, ${shown(WORK)} has ${gigabytes(bavail * bsize)}: --tokens 100k makes a tenth of them`;
};

/** In the page cache before the first round, so that no program pays for the disk. */
const makeReady = async (name, tokens) => {
  const log = await makeLog(name, tokens);
  await finished(createReadStream(log.file).resume());
  return log;
};

/** What a program counts otherwise than the generator, as sentences; it need not count everything. */
export const differences = (name, counts, truth) => {
  const verified = truth.accepted + truth.expired;
  return Object.entries({ ...truth, verified })
    .filter(([key, value]) => counts[key] !== undefined && counts[key] !== value)
    .map(([key, value]) => `${key}: the generator says ${value}, ${name} says ${counts[key]}`);
};

/** A kind without a log is for programs that read none. */
const canRun = ({ program, log }, logless) =>
  logless ? program.logless : !program.logless && log !== null && (program.takes?.(log) ?? true);

const runOnce = (program, cores) => {
  const { argv, counts, discard, reckon } = program.program;
  const { run, readStdout } = measure(argv(program.log), { discard });
  const stdout = readStdout();
  program.counts = counts(stdout);
  program.runs.push(reckon ? reckon(stdout, program.log, cores) : run);
};

const medianOf = (runs, metric) => median(runs.map((run) => run[metric]));

/** The section of a kind in a run: medians and every round of each program. */
export const measureKind = async (kind, available, { tokens, runs, say, cores }) => {
  if (KINDS[kind].log) say(`${kind}: making the log`);
  const [log = null, beside = null] = await Promise.all(
    logNames(kind).map((name) => makeReady(name, tokens)),
  );
  const programs = available
    .map((program) => ({ program, name: program.name, log: program.beside ? beside : log }))
    .filter((one) => canRun(one, log === null))
    .map((one) => ({ ...one, runs: [], counts: {}, failure: null }));
  const rounds = runs * (KINDS[kind].turns ?? 1);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < programs.length; turn++) {
      // Each round starts with another program, so that none always follows the same one.
      const one = programs[(turn + round) % programs.length];
      if (one.failure || (one.program.slow && one.runs.length > 0)) continue;
      try {
        runOnce(one, cores);
        say(`${kind}: ${one.name} ${one.runs.at(-1).wall.toFixed(3)} s`);
      } catch (error) {
        one.failure = `${one.name} failed: ${shown(error.message)}`;
        say(`${kind}: ${one.failure}`);
      }
    }
  }
  return {
    kind,
    log: log && describeLog(log),
    beside: beside && describeLog(beside),
    programs: programs
      .filter(({ failure }) => failure === null)
      .map(({ name, log: own, counts, runs: all }) => ({
        name,
        tokens: own?.tokens ?? null,
        wall: medianOf(all, 'wall'),
        cpu: medianOf(all, 'cpu'),
        rss: medianOf(all, 'rss'),
        counts,
        runs: all,
      })),
    disagreements: programs.flatMap(({ name, failure, counts, log: own }) =>
      failure ? [failure] : own ? differences(name, counts, own.counts) : [],
    ),
  };
};

const describeLog = ({ file, keyFile, ...log }) => ({
  ...log,
  file: shown(file),
  keyFile: shown(keyFile),
});
