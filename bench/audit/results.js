// The report of a run: detection by rule, the ordinary week, speed and memory, with the goals beside.
import { isQuiet } from './detection.js';
import { fixed, grouped, megabytes, table } from '../markdown.js';

const RATIO_GOAL = 2.5;
const MEMORY_GOAL = 400e6;

const percent = (part) => (part === null ? '-' : `${fixed(part * 100, 0)} %`);
const isMet = (met) => (met ? 'met' : 'not met');

const detectionTable = (rows) =>
  table(
    ['rule', 'planted', 'found', 'level right', 'true', 'false', 'precision', 'recall'],
    rows.map(({ rule, planted, found, right, hits, wrong, precision, recall }) => [
      rule,
      ...[planted, found, right, hits, wrong].map(String),
      percent(precision),
      percent(recall),
    ]),
  );

const ordinaryText = (findings) =>
  findings.length === 0
    ? 'Nothing.'
    : table(
        ['rule', 'level', 'count', 'why'],
        findings.map(({ rule, level, count, why }) => [rule, level, grouped(count), why]),
      );

const row = (name, run) => [
  name,
  fixed(run.wall, 2),
  run.cpu === null ? '-' : fixed(run.cpu, 2),
  run.rss === null ? '-' : megabytes(run.rss),
];

const speedText = ({ tokens, runs, audit, analyze, proxied }) => {
  return `${grouped(tokens)} tokens in a scaled week; medians of ${runs} runs, in turns.

${table(
  ['program', 'wall s', 'CPU s', 'MB'],
  [
    row('`audit`, all rules', audit),
    row('`analyze`', analyze),
    row('`audit` with `trusted_proxies`, once', proxied),
  ],
)}`;
};

const goalRows = ({ ordinary, compared, speed, memory }) => {
  const { attacks } = compared;
  const right = attacks.filter(({ isRight }) => isRight).length;
  const rows = [
    [
      'planted attacks found, with their level',
      `${attacks.length}`,
      `${right}`,
      right === attacks.length,
    ],
    ['findings that match no attack', '0', `${compared.false.length}`, compared.false.length === 0],
    [
      'findings in the ordinary week',
      'at most 3, none above low',
      `${ordinary.length}`,
      isQuiet(ordinary),
    ],
  ];
  if (speed !== null) {
    const ratio = speed.audit.wall / speed.analyze.wall;
    const demanded = `at most ${RATIO_GOAL} × analyze`;
    rows.push(['all rules in one pass', demanded, fixed(ratio, 2), ratio <= RATIO_GOAL]);
  }
  if (memory !== null && memory.rss !== null) {
    const what = `${grouped(memory.count)} tokens of one address`;
    const isSmall = memory.rss < MEMORY_GOAL;
    rows.push([what, 'under 400 MB', `${megabytes(memory.rss)} MB`, isSmall]);
  }
  return rows.map(([what, demanded, value, met]) => [what, demanded, value, isMet(met)]);
};

/** @param run what `npm run bench:audit` measured; speed and memory are null where they were left out */
export const auditReport = (run) => {
  const { machine, seed, lines, rows, ordinary, speed, memory } = run;
  const { date, cpu, cores, os, commit, load } = machine;
  const parts = [
    `# Audit: detection and speed

${date}, ${cpu}, ${cores} cores, ${os}, Node ${process.version}, commit ${commit}, load before ${fixed(load, 2)}.
A week of 500 users, ${grouped(lines)} lines, seed ${seed}; the same week with ${run.compared.attacks.length} attacks in it (\`bench/audit/corpus.js\`).
A planted attack is found where a finding of its rule has its lines as evidence, and no other lines. A finding that
matches no planted attack is false.

${detectionTable(rows)}

## The ordinary week

${ordinaryText(ordinary)}`,
  ];
  if (speed !== null) parts.push(`## Speed\n\n${speedText(speed)}`);
  if (memory !== null) {
    const { count, wall, rss } = memory;
    const peak = rss === null ? 'not measured' : `${megabytes(rss)} MB`;
    parts.push(
      `## Memory\n\n${grouped(count)} different tokens of one address within ten minutes, half of them forged, through a pipe: peak ${peak}, ${fixed(wall, 0)} s with making them.`,
    );
  }
  parts.push(`## Goals\n\n${table(['goal', 'demanded', 'measured', ''], goalRows(run))}`);
  return `${parts.join('\n\n')}\n`;
};
