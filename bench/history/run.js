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
import { multiply } from './multiply.js';

const HELP = `node bench/history/run.js [--tokens 1000000] [--copies 1] [--store URL]… [--keep]
  Measures duckdb: in a folder of its own, and every store named: mongodb://…, clickhouse://…
  --copies 10 has the store copy what was read before the report: ten times as many events.
  Servers start with an empty database.
`;

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '1000000' },
    copies: { type: 'string', default: '1' },
    store: { type: 'string', multiple: true, default: [] },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const tokens = Number(values.tokens);
const copies = Number(values.copies);
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-history-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// The lock files and the embedded store are the bench's own.
process.env.XDG_STATE_HOME = folder;

const log = await makeLog('repeated', tokens);
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

const measured = async (url) => {
  const ingest = measure(authlog('ingest', log.file, '--store', url, ...keys, ...NOW, '--json'));
  said(`${nameOf(url)}: ingest ${fixed(ingest.run.wall, 1)} s`);
  if (copies > 1) await multiply(url, database, copies);
  const report = measure(authlog('analyze', url, '--json', '-q', ...NOW));
  said(`${nameOf(url)}: report ${fixed(report.run.wall, 1)} s`);
  const { tokens: found } = JSON.parse(report.readStdout()).totals;
  if (found !== tokens * copies) throw new Error(`${found} of ${tokens * copies} tokens`);
  const size = url.startsWith('duckdb:') ? statSync(database).size : null;
  return { name: nameOf(url), ingest: ingest.run, report: report.run, size };
};

const ofLog = measure(authlog('analyze', log.file, ...keys, ...NOW, '--json', '-q')).run;
const results = [];
for (const url of [`duckdb:${database}`, ...values.store]) results.push(await measured(url));
const rows = results.map(({ name, ingest, report, size }) => [
  name,
  fixed(ingest.wall, 1),
  grouped(Math.round(tokens / ingest.wall)),
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
const copied =
  copies === 1
    ? ''
    : ` The store copied\nthem ${copies - 1} times under new ids before the report, which is over ${grouped(tokens * copies)} events; that of the log is not.`;
const text = `# History: ${grouped(tokens)} events, ${grouped(log.distinct)} distinct tokens

${date}, ${cpu}, ${cores} cores, ${os}, Node ${process.version}, commit ${commit}, load before ${fixed(load, 2)}.
Servers on the same machine, one run each. Memory is that of authlog.${copied}

${table(['store', 'ingest s', 'events/s', 'MB', 'report s', 'MB', 'size MB'], rows)}
`;
process.stdout.write(text);
if (values.keep) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text);
