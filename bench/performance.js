// All kept runs and the notes → docs/PERFORMANCE.md. Pure.
import { measureGoals } from './goals.js';
import { asGoal, fixed, table } from './markdown.js';
import { goalsTable, machineLine, RULES } from './summary.js';

const wallOf = ({ programs }, wanted) => programs.find(({ name }) => name === wanted)?.wall ?? null;

/** Rows are programs, columns kinds of log, cells: how many times as long as authlog takes. */
const ratios = ({ sections }) => {
  const compared = sections.filter(({ programs }) =>
    programs.some(({ name }) => name === 'authlog'),
  );
  const names = [...new Set(compared.flatMap(({ programs }) => programs.map(({ name }) => name)))];
  const rows = names.map((name) => [
    name,
    ...compared.map((section) => {
      const wall = wallOf(section, name);
      return wall === null ? '-' : fixed(wall / wallOf(section, 'authlog'), 2);
    }),
  ]);
  return table(['program', ...compared.map(({ kind }) => kind)], rows);
};

const link = (name) => `[${name}](../bench/runs/${name}/SUMMARY.md)`;

/** Rows are goals, columns runs, the newest first. */
const history = (runs) => {
  const measured = runs.map(({ raw }) => measureGoals(raw));
  const rows = measured[0].map((goal, at) => [
    goal.what,
    goal.over.length === 0 ? '' : `${goal.limit < 1 ? 'of' : '×'} ${goal.over.join(', ')}`,
    ...measured.map((goals) => asGoal(goals[at], goals[at].measured)),
  ]);
  return table(['what', '', ...runs.map((_, at) => `run ${runs.length - at}`)], rows, 2);
};

const runList = (runs) =>
  runs
    .map(
      ({ name, raw }, at) =>
        `- run ${runs.length - at}: ${link(name)}, commit ${raw.machine.commit}`,
    )
    .join('\n');

/** `runs` as `readRuns` gives them, the newest first; `notes` is Markdown, set in as it is. */
export const performanceReport = (runs, notes) => {
  const parts = [
    '# Performance',
    'Made by `npm run bench:report` from [bench/runs](../bench/runs) and [bench/notes.md](../bench/notes.md); `npm run bench` adds a run. Times differ from machine to machine, so what counts is ratios of programs that took turns in one run.',
  ];
  if (runs.length === 0) parts.push('No run is kept.');
  else {
    const [{ name, raw }] = runs;
    parts.push(
      '## Goals',
      `Newest run: ${link(name)}. ${machineLine(raw.machine)}.`,
      goalsTable(raw),
      '## Other programs',
      'How many times as long as authlog each program takes, wall clock. What they do, their versions and the commands stand with the run. `openssl`, `verify`, `gzip`, `rg` and `floor` do a part of the work, `authlog-tenth` reads a tenth of the log.',
      ratios(raw),
      '## Runs',
      history(runs),
      runList(runs),
    );
  }
  parts.push('## How it is measured', RULES, notes.trim());
  return `${parts.join('\n\n')}\n`;
};
