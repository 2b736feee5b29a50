// `npm run bench:serve`: pages a second of `authlog serve` on one core. --keep writes bench/serve/RESULTS.md.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.js';
import { fixed, grouped, table } from '../markdown.js';
import { loadPages } from './client.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    lines: { type: 'string', default: '50000' },
    users: { type: 'string', default: '2000' },
    keep: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const VISITORS = 20;
const GOAL = 200;
const bin = fileURLToPath(new URL('../../bin/authlog.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-serve-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const place = (name) => join(folder, name);

const secret = randomBytes(48).toString('hex');
writeFileSync(place('secret'), secret, { mode: 0o600 });
const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (claims) => {
  const input = `${segment({ alg: 'HS256' })}.${segment(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const now = Math.floor(Date.now() / 1000);
const line = (number) => {
  const time = now - 3600 + Math.floor((number * 3600) / Number(values.lines));
  const sub = `user-${number % Number(values.users)}`;
  const token = sign({
    sub,
    email: `${sub}@example.com`,
    role: 'user',
    exp: now + 3600 + (number % 997),
  });
  return `${new Date(time * 1000).toISOString()} 203.0.113.${number % 250} Token: ${token}\n`;
};
const write = (from, count) => {
  let text = '';
  for (let number = from; number < from + count; number++) text += line(number);
  appendFileSync(place('auth.log'), text);
};
const store = `duckdb:${place('history.duckdb')}`;
const flags = [
  'ingest',
  place('auth.log'),
  '--secret-file',
  place('secret'),
  '--store',
  store,
  '-q',
];
write(0, Number(values.lines));
execFileSync(process.execPath, [bin, ...flags], { stdio: 'ignore' });

/** On one core, where the system can bind a process to it: the client has the others. */
const canBind = (() => {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const serve = [bin, 'serve', '--store', store, '--secret-file', place('secret')];
const command = [process.execPath, ...serve, '--listen', '127.0.0.1:0'];
const bound = canBind ? ['taskset', '-c', '0', ...command] : command;
const server = spawn(bound[0], bound.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
process.on('exit', () => server.kill('SIGKILL'));
const origin = await new Promise((resolve, reject) => {
  let text = '';
  server.stderr.on('data', (chunk) => {
    text += chunk;
    const found = /at (http:\/\/[\d.:]+)/.exec(text);
    if (found !== null) resolve(found[1]);
  });
  server.on('exit', () => reject(new Error(text)));
});
const machine = describeMachine();
if (canBind) execFileSync('taskset', ['-cp', '1', String(process.pid)], { stdio: 'ignore' });

const viewer = sign({ sub: 'viewer', exp: now + 7200 });
const cases = [];
/** Seconds that the server has had of a core: whatever else the machine does does not count. */
const cpuSeconds = () => {
  const [utime, stime] = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13);
  return (Number(utime) + Number(stime)) / 100;
};
const measure = async (label, path) => {
  await loadPages(origin, path, viewer, { visitors: VISITORS, seconds: 2 });
  const before = cpuSeconds();
  const result = await loadPages(origin, path, viewer, { visitors: VISITORS, seconds });
  const capacity = (result.rate * seconds) / (cpuSeconds() - before);
  cases.push({ label, ...result, capacity });
  process.stderr.write(`${label}: ${Math.round(result.rate)} pages/s\n`);
};
const startedAt = performance.now();
await loadPages(origin, '/', viewer, { visitors: 1, seconds: 0.001 });
const first = performance.now() - startedAt;
await measure('the report, the store at rest', '/');
await measure('one user', '/users/string:user-7');
await measure('a search', '/search?q=user-77');
let written = Number(values.lines);
const writer = { isOn: true };
const writing = (async () => {
  while (writer.isOn) {
    write(written, 10);
    written += 10;
    await new Promise((resolve) => {
      spawn(process.execPath, [bin, ...flags], { stdio: 'ignore' }).on('exit', resolve);
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
})();
await measure('the report, while ingest adds events every 2 s', '/');
writer.isOn = false;
await writing;
const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
server.removeAllListeners('exit');
server.kill('SIGTERM');

const { date, cpu, cores, os, load, commit } = machine;
const rows = cases.map(({ label, rate, capacity, p50, p99, bytes, refused }) => [
  label,
  grouped(Math.round(rate)),
  grouped(Math.round(capacity)),
  fixed(p50, 1),
  fixed(p99, 1),
  String(Math.round(bytes / 1024)),
  String(refused),
]);
const { capacity } = cases[0];
const goal = ['pages for a second of one core', `at least ${GOAL}`, grouped(Math.round(capacity))];
const report = `# Pages under load

${date}, ${cpu}, ${cores} cores, ${os}, Node ${process.version}, commit ${commit}, load before ${fixed(load, 2)}.
A DuckDB store of ${grouped(Number(values.lines))} events of ${grouped(Number(values.users))} users; ${VISITORS} visitors who load one page after the other for ${seconds} s:
the document (gzip), its event stream up to the first event, its numbers. ${canBind ? 'The server has one core, the visitors the other.' : 'Server and visitors share the cores.'}

${table(['page', 'pages/s', 'pages/CPU s', 'p50 ms', 'p99 ms', 'KiB', 'refused'], rows)}

The first page of a new server took ${fixed(first / 1000, 2)} s: the store is read, and the rules run over all of it. Resident memory at
the end: ${Math.round(memory / 1024)} MiB.

${table(['goal', 'demanded', 'measured', ''], [[...goal, capacity >= GOAL ? 'met' : 'not met']])}
`;
process.stdout.write(report);
if (values.keep) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
process.exit(0);
