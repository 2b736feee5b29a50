// `npm run bench`: authlog and its peers on the same logs in the same run. --help says what it takes.
import { keptLogs, removeLogs } from './corpus.js';
import { neededBy } from './goals.js';
import { KINDS } from './kinds.js';
import { describeMachine } from './machine.js';
import { HELP, optionsOfRun, readOptions } from './options.js';
import { OWN } from './own.js';
import { PEERS } from './peers.js';
import { shown } from './places.js';
import { keepRun } from './runs.js';
import { lacksRoom, measureKind } from './section.js';
import { goalsTable, summarize } from './summary.js';
import { YARDSTICKS } from './yardsticks.js';
import { writeReports } from './report.js';

const PROGRAMS = [...OWN, ...PEERS, ...YARDSTICKS];
const BUSY = 0.5;

const say = (text) => process.stderr.write(`${text}\n`);

const fail = (text) => {
  say(`bench: ${text}`);
  process.exit(2);
};

const options = (() => {
  try {
    return readOptions(
      process.argv.slice(2),
      PROGRAMS.map(({ name }) => name),
    );
  } catch (error) {
    return fail(error.message);
  }
})();

const namesFor = (kind) => options.only ?? (options.goals ? neededBy(kind) : KINDS[kind].programs);

/** Builds what can be built; a program without its toolchain is named and left out. */
const prepareAll = (names) => {
  const ready = [];
  const leftOut = [];
  for (const program of PROGRAMS.filter(({ name }) => names.has(name))) {
    try {
      say(`preparing ${program.name}`);
      ready.push({ ...program, ...program.prepare(options) });
    } catch (error) {
      leftOut.push({ name: program.name, why: shown(error.message) });
    }
  }
  return { ready, leftOut };
};

const showCommand = (argv) =>
  argv
    .map((part) => (part === process.execPath ? 'node' : shown(part)))
    .map((part) => (/[^\w./:=-]/.test(part) ? `'${part}'` : part))
    .join(' ');

const EXAMPLE = { file: 'LOG', keyFile: 'KEY', pattern: 'REGEX', gzip: false, rsa: false };

const bench = async () => {
  const machine = describeMachine();
  if (machine.load > BUSY)
    say(`load is ${machine.load.toFixed(2)}: other programs disturb the numbers`);
  const { ready, leftOut } = prepareAll(new Set(options.kinds.flatMap(namesFor)));
  if (ready.length === 0) fail('nothing to run');

  const sections = [];
  for (const kind of options.kinds) {
    const noRoom = lacksRoom(kind, options.tokens);
    if (noRoom) {
      say(`${kind}: ${noRoom}`);
      leftOut.push({ name: kind, why: noRoom });
      continue;
    }
    const names = namesFor(kind);
    const programs = ready.filter(({ name }) => names.includes(name));
    sections.push(await measureKind(kind, programs, { ...options, say, cores: machine.cores }));
  }
  const peers = ready.map(({ name, does, version, argv }) => ({
    name,
    does,
    version,
    command: showCommand(argv(EXAMPLE)),
  }));
  return { machine, options: optionsOfRun(options), sections, peers, leftOut };
};

const finish = (raw) => {
  process.stdout.write(options.goals ? `${goalsTable(raw, options.kinds)}\n` : summarize(raw));
  for (const { name, why } of options.goals ? raw.leftOut : []) say(`left out: ${name}: ${why}`);
  if (options.keep) {
    say(`kept in ${shown(keepRun(raw))}`);
    writeReports();
  }
  const disk = keptLogs().reduce((sum, { bytes }) => sum + bytes, 0);
  say(`the logs in bench/.work take ${(disk / 1e9).toFixed(1)} GB: --clean removes them`);
  const lacksAuthlog = raw.leftOut.some(({ name }) => OWN.some((own) => own.name === name));
  const wrong = raw.sections.flatMap(({ disagreements }) => disagreements);
  if (options.goals) for (const sentence of wrong) say(sentence);
  if (lacksAuthlog || wrong.length > 0) process.exitCode = 1;
};

if (options.help) process.stdout.write(HELP);
else if (options.clean) removeLogs();
else finish(await bench());
