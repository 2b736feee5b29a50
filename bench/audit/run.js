// `npm run bench:audit`: the rules against a week with planted attacks, then their speed and memory. Exit 1 where
// detection misses its goals. --keep writes bench/audit/RESULTS.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.js';
import { ROOT } from '../places.js';
import { auditArguments, makeAttacked, makeWeek } from './corpus.js';
import { compare, scores, shortcomings } from './detection.js';
import { auditReport } from './results.js';
import { measureMemory, measureSpeed } from './speed.js';

const HELP = `node bench/audit/run.js [--seed 1] [--tokens 1000000] [--runs 3] [--detection] [--full] [--keep]
  --detection  leaves speed and memory out
  --full       10 M different tokens of one address, not 1 M
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    tokens: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    detection: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const MOST_OUTPUT = 1 << 28;
const seed = Number(values.seed);
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-audit-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const say = (text) => process.stderr.write(`${text}\n`);

/** The report of the built program on a corpus. */
const audited = (corpus) => {
  const args = [join(ROOT, 'bin/authlog.js'), ...auditArguments(corpus)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: corpus.folder,
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
  });
  if (status !== 0) throw new Error(`audit: exit ${status}: ${stderr.trim()}`);
  return JSON.parse(stdout);
};

const machine = describeMachine();
const week = makeWeek(join(folder, 'week'), { seed });
const attacked = await makeAttacked(join(folder, 'attacked'), { seed });
const ordinary = audited(week).findings;
const { findings, rules } = audited(attacked);
const truth = attacked.truth.filter(({ rule }) => rules.ran.includes(rule));
const compared = compare(truth, findings, ordinary);
const misses = shortcomings(ordinary, compared);

const count = values.full ? 10_000_000 : 1_000_000;
const [speed, memory] = values.detection
  ? [null, null]
  : [
      measureSpeed(join(folder, 'scaled'), {
        seed,
        tokens: Number(values.tokens),
        runs: Number(values.runs),
        say,
      }),
      measureMemory(week.folder, week.keys, { seed, count }),
    ];
const report = auditReport({
  machine,
  seed,
  lines: week.lines,
  rows: scores(rules.ran, compared),
  ordinary,
  compared,
  speed,
  memory,
});
process.stdout.write(report);
if (values.keep) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
for (const sentence of misses) say(`bench: ${sentence}`);
process.exitCode = misses.length === 0 ? 0 : 1;
