// Kept results: bench/runs/<date>-<machine>/raw.json, and the text that summary.js makes of it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNS } from './places.js';

/** Writes a run into a folder of its own; returns the folder. */
export const keepRun = (raw) => {
  const slug = `${raw.machine.cpu} ${raw.machine.cores} cores`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const base = join(RUNS, `${raw.machine.date}-${slug}`);
  let dir = base;
  for (let again = 2; existsSync(dir); again++) dir = `${base}-${again}`;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'raw.json'), `${JSON.stringify(raw, null, 2)}\n`);
  return dir;
};

/** All kept runs, the newest first: the name of the folder and what raw.json holds. */
export const readRuns = () =>
  readdirSync(RUNS)
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => ({
      name,
      raw: JSON.parse(readFileSync(join(RUNS, name, 'raw.json'), 'utf8')),
    }));
