// Appends the lines of a file to a log, so many a second, in steps of 50 ms: writer.js LINES LOG RATE SECONDS
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const [source, log, rate, seconds] = process.argv.slice(2);
const lines = readFileSync(source, 'latin1').split('\n').slice(0, -1);
const total = Number(rate) * Number(seconds);
const STEP_MS = 50;
const into = openSync(log, 'a');
const started = performance.now();
let written = 0;

const step = () => {
  const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate));
  let text = '';
  for (; written < due; written++) text += `${lines[written % lines.length]}\n`;
  if (text !== '') writeSync(into, Buffer.from(text, 'latin1'));
  if (written < total) return setTimeout(step, STEP_MS);
  closeSync(into);
  return process.stdout.write(`${written} ${performance.now() - started}\n`);
};
step();
