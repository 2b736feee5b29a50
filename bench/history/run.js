// `npm run bench:history`: a log into each store, the report out of it, beside the report of the log itself.
// Stores that need a server are named by URL; what they hold is not removed. --keep writes RESULTS.md.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeLog } from '../corpus.js';
import { describeMachine } from '../machine.js';
import { fixed, grouped, megabytes, table } from '../markdown.js';
import { measure } from '../measure.js';
import { ROOT } from '../places.js';

const HELP = `node bench/history/run.js [--lines 1000000] [--store URL]… [--keep]
  Measures duckdb: in a folder of its own, and every store named: mongodb://…, clickhouse://…
  A log of 10,000,000 lines (--lines 10000000) takes 3.3 GB in bench/.work.
`;

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    store: { type: 'string', multiple: true, default: [] },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const lines = Number(values.lines);
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-history-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// The lock files and the embedded store are the bench's own.
process.env.XDG_STATE_HOME = folder;

const log = await makeLog('repeated', lines);
const authlog = (...args) => [process.execPath, `${ROOT}/bin/authlog.js`, ...args];
const keys = ['--secret-file', log.keyFile];
const NOW = ['--now', '2026-11-21T00:00:00Z'];
const database = join(folder, 'history.duckdb');

const nameOf = (url) => {
  if (url.startsWith('duckdb:')) return 'DuckDB';
  if (url.startsWith('mongodb')) return 'MongoDB';
  const shards = url.includes('cluster=') ? url.split(',').length : 1;
  return shards > 1 ? `ClickHouse, ${shards} shards` : 'ClickHouse';
};

const said = (text) => process.stderr.write(`${text}\n`);

const measured = (url) => {
  const ingest = measure(authlog('ingest', log.file, '--store', url, ...keys, ...NOW, '--json'));
  said(`${nameOf(url)}: ingest ${fixed(ingest.run.wall, 1)} s`);
  const report = measure(authlog('analyze', url, '--json', '-q', ...NOW));
  said(`${nameOf(url)}: report ${fixed(report.run.wall, 1)} s`);
  const { tokens } = JSON.parse(report.readStdout()).totals;
  if (tokens !== log.counts.tokens) throw new Error(`${tokens} of ${log.counts.tokens} tokens`);
  const size = url.startsWith('duckdb:') ? statSync(database).size : null;
  return { name: nameOf(url), ingest: ingest.run, report: report.run, size };
};

const ofLog = measure(authlog('analyze', log.file, ...keys, ...NOW, '--json', '-q')).run;
const results = [`duckdb:${database}`, ...values.store].map(measured);
const rows = results.map(({ name, ingest, report, size }) => [
  name,
  fixed(ingest.wall, 1),
  grouped(Math.round(lines / ingest.wall)),
  ingest.rss === null ? '-' : megabytes(ingest.rss),
  fixed(report.wall, 2),
  report.rss === null ? '-' : megabytes(report.rss),
  size === null ? '-' : megabytes(size),
]);
rows.push([
  'the log itself',
  '-',
  '-',
  '-',
  fixed(ofLog.wall, 2),
  ofLog.rss === null ? '-' : megabytes(ofLog.rss),
  megabytes(log.bytes),
]);
const { date, cpu, cores, os, commit, load } = describeMachine();
const text = `# History: ${grouped(lines)} lines, ${grouped(log.distinct)} distinct tokens

${date}, ${cpu}, ${cores} cores, ${os}, Node ${process.version}, commit ${commit}, load before ${fixed(load, 2)}.
Servers on the same machine, one run each. Memory is that of authlog.

${table(['store', 'ingest s', 'events/s', 'MB', 'report s', 'MB', 'size MB'], rows)}
`;
process.stdout.write(text);
if (values.keep) writeFileSync(join(import.meta.dirname, `RESULTS-${lines}.md`), text);
