// How numbers and tables are written in the reports.

/** A number with `digits` digits after the point, or a dash where there is none. */
export const fixed = (value, digits) => (value === null ? '-' : value.toFixed(digits));

export const grouped = (value) => value.toLocaleString('en-US');

export const megabytes = (bytes) => String(Math.round(bytes / 1e6));

/** Seconds: of a short run the milliseconds matter. */
export const seconds = (value) => fixed(value, value !== null && value < 0.1 ? 3 : 2);

export const percent = (part) => (part === null ? '-' : `${Math.round(part * 100)} %`);

/** A Markdown table; all but the first `left` columns are aligned to the right. */
export const table = (columns, rows, left = 1) => {
  const widths = columns.map((column, at) =>
    Math.max(column.length, 3, ...rows.map((row) => row[at].length)),
  );
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at < left ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) => '-'.repeat(width - 1) + (at < left ? '-' : ':'));
  return [line(columns), line(rule), ...rows.map(line)].join('\n');
};

const number = (value) => String(Number(value.toPrecision(3)));

/** A value as its goal is put: a part of a longer time as 1/9.3, bytes as MB, the rest as it is. */
export const asGoal = ({ limit, metric, over }, value) => {
  if (value === null) return '-';
  if (over.length === 0 && metric === 'rss') return `${megabytes(value)} MB`;
  return limit < 1 && value < 0.75 ? `1/${number(1 / value)}` : number(value);
};

/** What is demanded, in words. */
export const demand = (goal) => {
  const limit = asGoal(goal, goal.limit);
  if (goal.over.length === 0) return `at most ${limit}`;
  return `at most ${limit} ${goal.limit < 1 ? 'of' : '×'} ${goal.over.join(' or ')}${goal.over.length > 1 ? ', the longer' : ''}`;
};
