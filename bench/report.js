// `npm run bench:report`: docs/PERFORMANCE.md and the summaries of all kept runs, made anew from
// bench/runs and bench/notes.md. A test holds the committed files against what this makes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performanceReport } from './performance.js';
import { ROOT, RUNS } from './places.js';
import { readRuns } from './runs.js';
import { summarize } from './summary.js';

/** Every generated file: where it is, and what belongs in it. */
export const reports = () => {
  const runs = readRuns();
  const notes = readFileSync(join(import.meta.dirname, 'notes.md'), 'utf8');
  return [
    { file: join(ROOT, 'docs/PERFORMANCE.md'), text: performanceReport(runs, notes) },
    ...runs.map(({ name, raw }) => ({
      file: join(RUNS, name, 'SUMMARY.md'),
      text: summarize(raw),
    })),
  ];
};

export const writeReports = () => {
  for (const { file, text } of reports()) writeFileSync(file, text);
};

if (process.argv[1] === import.meta.filename) writeReports();
