// A run → the Markdown that is printed and kept. Pure.
import { GOALS, measureGoals } from './goals.js';
import { asGoal, demand, fixed, grouped, megabytes, percent, seconds, table } from './markdown.js';
import { spread } from './statistics.js';

const verdict = ({ met }) => (met === null ? 'not measured' : met ? 'met' : '**not met**');

const rangeOf = (goal) =>
  goal.low === null ? '-' : `${asGoal(goal, goal.low)} to ${asGoal(goal, goal.high)}`;

/** Goal, measured, met or not, of a run `raw`; of all kinds or of some. */
export const goalsTable = (raw, kinds = GOALS.map(({ kind }) => kind)) =>
  table(
    ['what', 'goal', 'measured', 'rounds', 'verdict'],
    measureGoals(raw)
      .filter(({ kind }) => kinds.includes(kind))
      .map((goal) => [
        goal.what,
        demand(goal),
        asGoal(goal, goal.measured),
        rangeOf(goal),
        verdict(goal),
      ]),
    2,
  );

/** What a section's ratios are of: authlog, and where only starts are measured, Node. */
const baseOf = ({ programs }) => programs.find(({ name }) => ['authlog', 'node'].includes(name));

const row = ({ name, wall, cpu, rss, runs, counts, tokens }, base) => [
  name,
  base ? fixed(wall / base.wall, 2) : '-',
  seconds(wall),
  percent(spread(runs.map((run) => run.wall))),
  fixed(cpu, 2),
  rss === null ? '-' : megabytes(rss),
  tokens === null ? '-' : grouped(Math.round(tokens / wall)),
  counts.accepted === undefined ? '-' : grouped(counts.accepted),
  String(runs.length),
];

const title = ({ kind, log }) =>
  log === null
    ? `## ${kind}`
    : `## ${kind}: ${grouped(log.tokens)} tokens, ${grouped(log.distinct)} distinct, ${grouped(Math.round(log.bytes / 1e6))} MB`;

const section = (one) => {
  const base = baseOf(one);
  const columns = [
    'program',
    `× ${base?.name ?? 'authlog'}`,
    'wall s',
    'spread',
    'CPU s',
    'peak MB',
    'tokens/s',
    'accepted',
    'runs',
  ];
  const rows = one.programs
    .toSorted((a, b) => a.wall - b.wall)
    .map((program) => row(program, base));
  const counts =
    one.disagreements.length > 0
      ? one.disagreements.map((sentence) => `**Disagreement:** ${sentence}`).join('\n\n')
      : 'All counts that the programs report are the true ones.';
  return [title(one), table(columns, rows), ...(one.log ? [counts] : [])].join('\n\n');
};

/** The machine of a run in one line. */
export const machineLine = ({ cpu, cores, memory, os, load, commit }) =>
  `${cpu}, ${cores} cores, ${Math.round(memory / 1e9)} GB, ${os}; load at start ${load.toFixed(2)}; commit ${commit}`;

export const RULES =
  'The programs of a section read the same files and take turns, each round begins with another one, and the logs are in the page cache. Times are medians; the spread is how far apart the fastest and the slowest round are, as a part of the median. CPU is user and system time of all threads. A goal is judged by the medians (memory: by the worst round); beside it stands what each round alone would say.';

/** The programs of a run: what they do, versions, commands. */
export const programList = ({ peers }) =>
  peers
    .map(
      ({ name, does, version, command }) => `- **${name}**: ${does}. ${version}\n  \`${command}\``,
    )
    .join('\n');

/** The report of `raw` (what raw.json holds) as Markdown, newline at the end. */
export const summarize = (raw) => {
  const { machine, options, sections, leftOut } = raw;
  const parts = [
    `# Benchmark of ${machine.date}`,
    machineLine(machine),
    `\`${options.command}\``,
    RULES,
    '## Goals',
  ];
  if (options.tokens !== 1e6) {
    parts.push(`**The goals are for \`--tokens 1M\`; this run has ${grouped(options.tokens)}.**`);
  }
  parts.push(goalsTable(raw), ...sections.map(section), '## Programs', programList(raw));
  if (leftOut.length > 0) {
    parts.push('## Left out', leftOut.map(({ name, why }) => `- **${name}**: ${why}`).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
};
