// `npm run bench:guard`: requests a second and latency of the guard beside a bare server and beside
// Express with jose, in turns on the same machine. --keep writes bench/guard/RESULTS.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.js';
import { median } from '../statistics.js';
import { guardReport } from './results.js';
import { firstSight } from './first-sight.js';
import { startBare, startExpress, startGuard } from './servers.js';
import { attackTokens, hmacTokens, rsaTokens } from './tokens.js';
import { load, writeChangingScript, writeSteadyScript } from './wrk.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    soak: { type: 'string', default: '0' },
    keep: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const CONNECTIONS = 50;
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-guard-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const wrkVersion = () => {
  try {
    return execFileSync('sh', ['-c', 'wrk -v 2>&1 | head -n 1'], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
};

const scriptFor = (name, tokens, write) => {
  const list = join(folder, `${name}.txt`);
  writeFileSync(list, `${tokens.join('\n')}\n`);
  write(join(folder, `${name}.lua`), list);
  return join(folder, `${name}.lua`);
};

const log = join(folder, 'auth.jsonl');
const secretFile = join(folder, 'secret');
const keyFile = join(folder, 'public.pem');
const hmac = hmacTokens(CONNECTIONS);
const rsa = rsaTokens(CONNECTIONS);
writeFileSync(secretFile, hmac.secret, { mode: 0o600 });
writeFileSync(keyFile, rsa.pem);
const scripts = {
  hs256: scriptFor('hs256', hmac.tokens, writeSteadyScript),
  rs256: scriptFor('rs256', rsa.tokens, writeSteadyScript),
  attack: scriptFor('attack', attackTokens(50_000), writeChangingScript),
};

/** Every case starts its own server, is warmed up, measured, and ended. */
const measured = async (start, work) => {
  const server = await start();
  try {
    await load(server.url, scripts.hs256, { connections: CONNECTIONS, seconds: 2 });
    return { ...(await work(server.url)), memory: server.memory() };
  } finally {
    await server.stop();
    rmSync(log, { force: true });
  }
};

const alone = (script) => (url) => load(url, script, { connections: CONNECTIONS, seconds });
const beside = async (url) => {
  const [good, bad] = await Promise.all([
    load(url, scripts.hs256, { connections: 45, seconds }),
    load(url, scripts.attack, { connections: 3, seconds }),
  ]);
  return { ...good, attacks: bad.rate / (good.rate + bad.rate) };
};
const guard =
  (...flags) =>
  () =>
    startGuard(flags, log);
const byHmac = guard('--secret-file', secretFile);

const CASES = [
  ['bare', 'bare `node:http`, answers 204', startBare, alone(scripts.hs256)],
  ['hs256', 'guard, HS256, 50 users', byHmac, alone(scripts.hs256)],
  ['rs256', 'guard, RS256, 50 users', guard('--key', keyFile), alone(scripts.rs256)],
  [
    'calm',
    'guard, 45 connections',
    byHmac,
    (url) => load(url, scripts.hs256, { connections: 45, seconds }),
  ],
  ['attacked', 'the same beside 3 connections of attackers', byHmac, beside],
  [
    'express',
    'Express and jose, HS256, records nothing',
    () => startExpress(hmac.secret),
    alone(scripts.hs256),
  ],
];

/** Resident memory every ten seconds under load; the log is rotated every minute, as it would be. */
const soak = async (duration) => {
  const server = await byHmac();
  const samples = [];
  const started = Date.now();
  const timer = setInterval(() => {
    samples.push({ second: Math.round((Date.now() - started) / 1000), memory: server.memory() });
    // The recorder finds out by itself; SIGHUP would also read the keys anew.
    if (samples.length % 6 === 0) rmSync(log, { force: true });
  }, 10_000);
  const result = await load(server.url, scripts.hs256, {
    connections: CONNECTIONS,
    seconds: duration,
  });
  clearInterval(timer);
  await server.stop();
  rmSync(log, { force: true });
  return { ...result, samples };
};

const version = wrkVersion();
if (version === '') {
  process.stderr.write('bench: wrk is not installed (Debian: apt-get install wrk)\n');
  process.exit(2);
}
const results = Object.fromEntries(CASES.map(([key, label]) => [key, { label, rounds: [] }]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [key, label, start, work] of CASES) {
    const result = await measured(start, work);
    results[key].rounds.push(result);
    const { rate, p99, errors } = result;
    process.stderr.write(
      `${String(label)}: ${Math.round(rate)} requests/s, p99 ${p99.toFixed(2)} ms${errors === null ? '' : `, ${errors}`}\n`,
    );
  }
}
for (const result of Object.values(results)) {
  for (const name of ['rate', 'p50', 'p99', 'refused', 'memory', 'attacks']) {
    result[name] = median(result.rounds.map((round) => round[name] ?? null));
  }
}
const soaked = Number(values.soak) > 0 ? await soak(Number(values.soak)) : null;
const fresh = await firstSight();
const report = guardReport({
  machine: describeMachine(),
  wrk: version,
  seconds,
  results,
  soak: soaked,
  fresh,
});
process.stdout.write(report);
if (values.keep) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
