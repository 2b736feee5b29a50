// Numbers of a benchmark run → the Markdown that is printed and kept.
const COLUMNS = [
  'program',
  'wall s',
  '× authlog',
  'CPU s',
  'peak MB',
  'tokens/s',
  'accepted',
  'runs',
];

export const median = (values) => {
  if (values.length === 0 || values.includes(null)) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const fixed = (value, digits) => (value === null ? '-' : value.toFixed(digits));

const grouped = (value) => value.toLocaleString('en-US');

const table = (rows) => {
  const widths = COLUMNS.map((_, at) =>
    Math.max(...rows.map((row) => row[at].length), COLUMNS[at].length),
  );
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) => '-'.repeat(width - 1) + (at === 0 ? '-' : ':'));
  return [line(COLUMNS), line(rule), ...rows.map(line)].join('\n');
};

const row = ({ name, wall, cpu, rss, runs, counts }, tokens, base) => [
  name,
  fixed(wall, 2),
  base ? fixed(wall / base, 2) : '-',
  fixed(cpu, 2),
  rss === null ? '-' : String(Math.round(rss / 1e6)),
  grouped(Math.round(tokens / wall)),
  counts.accepted === undefined ? '-' : grouped(counts.accepted),
  String(runs.length),
];

const section = ({ log, programs, disagreements }) => {
  const base = programs.find(({ name }) => name === 'authlog')?.wall;
  const shown = programs.toSorted((a, b) => a.wall - b.wall);
  const title = `## ${log.kind}: ${grouped(log.tokens)} tokens, ${grouped(log.distinct)} distinct, ${grouped(Math.round(log.bytes / 1e6))} MB`;
  const verdict =
    disagreements.length === 0
      ? 'All counts that the programs report are the true ones.'
      : disagreements.map((sentence) => `**Disagreement:** ${sentence}`).join('\n');
  return `${title}\n\n${table(shown.map((one) => row(one, log.tokens, base)))}\n\n${verdict}`;
};

/** The report of `raw` (what raw.json holds) as Markdown, newline at the end. */
export const summarize = ({ machine, options, sections, peers, leftOut }) => {
  const lines = [
    `# Benchmark of ${machine.date}`,
    `${machine.cpu}, ${machine.cores} cores, ${Math.round(machine.memory / 1e9)} GB, ${machine.os}; load at start ${machine.load.toFixed(2)}; commit ${machine.commit}`,
    `Medians; the programs take turns, the log is in the page cache. CPU is user and system time of all threads. \`${options.command}\``,
    ...sections.map(section),
    '## Programs',
    peers
      .map(
        ({ name, does, version, command }) =>
          `- **${name}**: ${does}. ${version}\n  \`${command}\``,
      )
      .join('\n'),
  ];
  if (leftOut.length > 0) {
    lines.push('## Left out', leftOut.map(({ name, why }) => `- **${name}**: ${why}`).join('\n'));
  }
  return `${lines.join('\n\n')}\n`;
};
