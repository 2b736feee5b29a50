// `npm run bench`: authlog and its peers on the same logs in the same run.
// node bench/run.js [--tokens 1M] [--runs 5] [--kinds distinct,repeated] [--only rust,go] [--smoke]
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { corpus, KINDS } from './corpus.js';
import { hasGnuTime, measure } from './measure.js';
import { PEERS, ROOT } from './peers.js';
import { median, summarize } from './summary.js';

const say = (text) => process.stderr.write(`${text}\n`);

const fail = (text) => {
  say(`bench: ${text}`);
  process.exit(2);
};

const count = (text) => {
  const found = /^(\d+)([kM]?)$/.exec(text) ?? fail(`not a count: ${text}`);
  return Number(found[1]) * { '': 1, k: 1e3, M: 1e6 }[found[2]];
};

const readFlags = () => {
  try {
    return parseArgs({
      options: {
        tokens: { type: 'string' },
        runs: { type: 'string' },
        kinds: { type: 'string', default: 'distinct,repeated' },
        only: { type: 'string' },
        authlog: { type: 'string', default: join(ROOT, 'bin/authlog.js') },
        smoke: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
};

const readOptions = () => {
  const values = readFlags();
  const kinds = values.kinds.split(',');
  for (const kind of kinds) {
    if (!(kind in KINDS)) fail(`no such kind: ${kind} (${Object.keys(KINDS).join(', ')})`);
  }
  const only = values.only?.split(',') ?? PEERS.map(({ name }) => name);
  for (const name of only) {
    if (!PEERS.some((peer) => peer.name === name)) fail(`no such program: ${name}`);
  }
  return {
    tokens: count(values.tokens ?? (values.smoke ? '20k' : '1M')),
    runs: count(values.runs ?? (values.smoke ? '1' : '5')),
    kinds,
    only,
    authlogBin: values.authlog,
    smoke: values.smoke,
    command: ['node bench/run.js', ...process.argv.slice(2)].join(' '),
  };
};

const git = (...args) =>
  spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';

const describeMachine = () => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: cpus()[0]?.model ?? 'unknown processor',
  cores: cpus().length,
  memory: totalmem(),
  os: `${type()} ${release().split('-')[0]}`,
  load: loadavg()[0],
  gnuTime: hasGnuTime,
  commit:
    (git('rev-parse', '--short', 'HEAD') || 'none') +
    (git('status', '--porcelain') ? ' with changes' : ''),
});

/** Builds what can be built; a program without its toolchain is named and left out. */
const prepareAll = (options) => {
  const ready = [];
  const leftOut = [];
  for (const peer of PEERS.filter(({ name }) => options.only.includes(name))) {
    try {
      say(`preparing ${peer.name}`);
      ready.push({ ...peer, ...peer.prepare(options) });
    } catch (error) {
      leftOut.push({ name: peer.name, why: error.message.replaceAll(`${ROOT}/`, '') });
    }
  }
  return { ready, leftOut };
};

const readCounts = (peer, stdout) => (peer.counts ?? JSON.parse)(stdout);

/** The counts on which a program differs from the first, as sentences; it need not report them all. */
const compare = (programs) => {
  const seen = new Map();
  const sentences = [];
  for (const { name, counts } of programs) {
    const { accepted, expired } = counts;
    const verified = counts.verified ?? (expired === undefined ? undefined : accepted + expired);
    for (const [key, value] of Object.entries({ ...counts, verified })) {
      if (!['tokens', 'accepted', 'expired', 'bad_signature', 'verified'].includes(key)) continue;
      if (value === undefined) continue;
      const first = seen.get(key) ?? { name, value };
      seen.set(key, first);
      if (first.value !== value) {
        sentences.push(`${key}: ${first.name} says ${first.value}, ${name} says ${value}`);
      }
    }
  }
  return sentences;
};

const measureKind = async (kind, peers, { tokens, runs }) => {
  say(`${kind}: making the log`);
  const made = await corpus(kind, tokens);
  const log = { ...made, bytes: statSync(made.file).size };
  await finished(createReadStream(log.file).resume());

  const programs = peers
    .filter(({ takes = () => true }) => takes(log))
    .map((peer) => ({ peer, name: peer.name, runs: [], counts: {}, failure: null }));
  for (let round = 0; round < runs; round++) {
    for (let turn = 0; turn < programs.length; turn++) {
      // Each round starts with another program, so that none always follows the same one.
      const program = programs[(turn + round) % programs.length];
      if (program.failure || (program.peer.slow && program.runs.length > 0)) continue;
      try {
        const { readStdout, ...run } = measure(program.peer.argv(log));
        program.counts = readCounts(program.peer, readStdout());
        program.runs.push(run);
        say(`${kind}: ${program.name} ${run.wall.toFixed(2)} s`);
      } catch (error) {
        program.failure = error.message;
        say(`${kind}: ${program.name} failed: ${error.message}`);
      }
    }
  }
  const done = programs
    .filter(({ failure }) => failure === null)
    .map(({ name, runs: all, counts }) => ({
      name,
      wall: median(all.map(({ wall }) => wall)),
      cpu: median(all.map(({ cpu }) => cpu)),
      rss: median(all.map(({ rss }) => rss)),
      counts,
      runs: all,
    }));
  const failed = programs
    .filter(({ failure }) => failure !== null)
    .map(({ name, failure }) => `${name} failed: ${failure}`);
  return {
    log: { ...log, file: relative(ROOT, log.file), keyFile: relative(ROOT, log.keyFile) },
    programs: done,
    disagreements: [
      ...failed,
      ...compare([{ name: 'the generator', counts: log.counts }, ...done]),
    ],
  };
};

const showCommand = (argv) =>
  argv
    .map((part) => (part === process.execPath ? 'node' : part.replace(`${ROOT}/`, '')))
    .map((part) => (/[^\w./:=-]/.test(part) ? `'${part}'` : part))
    .join(' ');

const keep = (raw, text) => {
  const slug = `${raw.machine.cpu} ${raw.machine.cores} cores`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const base = join(import.meta.dirname, 'runs', `${raw.machine.date}-${slug}`);
  let dir = base;
  for (let again = 2; existsSync(dir); again++) dir = `${base}-${again}`;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'raw.json'), `${JSON.stringify(raw, null, 2)}\n`);
  writeFileSync(join(dir, 'SUMMARY.md'), text);
  say(`kept in ${relative(ROOT, dir)}`);
};

const options = readOptions();
const machine = describeMachine();
if (machine.load > 0.5)
  say(`load is ${machine.load.toFixed(2)}: other programs disturb the numbers`);
const { ready, leftOut } = prepareAll(options);
if (ready.length === 0) fail('nothing to run');

const sections = [];
for (const kind of options.kinds) sections.push(await measureKind(kind, ready, options));

const example = { file: 'LOG', keyFile: 'KEY', pattern: 'REGEX', gzip: false, rsa: false };
const raw = {
  machine,
  options: { ...options, authlogBin: relative(ROOT, options.authlogBin) },
  sections,
  peers: ready.map(({ name, does, version, argv }) => ({
    name,
    does,
    version,
    command: showCommand(argv(example)),
  })),
  leftOut,
};
const text = summarize(raw);
process.stdout.write(text);
if (!options.smoke) keep(raw, text);
const lacksAuthlog = leftOut.some(({ name }) => name.startsWith('authlog'));
if (lacksAuthlog || sections.some(({ disagreements }) => disagreements.length > 0)) {
  process.exitCode = 1;
}
