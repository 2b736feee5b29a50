// How long all rules take beside `analyze` of the same files, and the memory that one busy address costs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '../measure.js';
import { ROOT } from '../places.js';
import { median } from '../statistics.js';
import { makeWeek, NOW } from './corpus.js';

const AUTHLOG = [process.execPath, join(ROOT, 'bin/authlog.js')];
/** Tokens in the logs of one week of 500 users, about. */
const TOKENS_OF_WEEK = 78_000;

const keyFlags = (keys) => keys.flatMap((file) => ['--key', file]);

const settings = (folder) => ['--config', join(folder, 'authlog.config.yaml'), '--learn', '0s'];

/** The same without trusted proxies, with which every line is asked for the address that was forwarded. */
const settingsWithoutProxies = (folder) => {
  const text = readFileSync(join(folder, 'authlog.config.yaml'), 'utf8');
  const file = join(folder, 'without-proxies.yaml');
  writeFileSync(file, text.replace(/^trusted_proxies:.*\n/m, ''));
  return ['--config', file, '--learn', '0s'];
};

const middle = (list, name) => median(list.map((run) => run[name]));

/** `audit` and `analyze` in turns over the application's and the proxy's log of a scaled week. */
export const measureSpeed = (folder, { seed, tokens, runs, say }) => {
  const corpus = makeWeek(folder, { seed, scale: tokens / TOKENS_OF_WEEK });
  const logs = ['week.log', 'proxy.log'].map((name) => join(folder, name));
  const shared = [...logs, ...keyFlags(corpus.keys), '--now', NOW, '--json', '-q'];
  const plain = settingsWithoutProxies(folder);
  const audits = [];
  const analyses = [];
  let found = 0;
  for (let round = 0; round < runs; round++) {
    const audit = measure([...AUTHLOG, 'audit', ...shared, ...plain]);
    const analyze = measure([...AUTHLOG, 'analyze', ...shared]);
    found = JSON.parse(analyze.readStdout()).totals.tokens;
    audits.push(audit.run);
    analyses.push(analyze.run);
    say(`audit ${audit.run.wall.toFixed(2)} s, analyze ${analyze.run.wall.toFixed(2)} s`);
  }
  const proxied = measure([...AUTHLOG, 'audit', ...shared, ...settings(folder)]).run;
  return {
    tokens: found,
    proxied,
    runs,
    audit: { wall: middle(audits, 'wall'), cpu: middle(audits, 'cpu'), rss: middle(audits, 'rss') },
    analyze: {
      wall: middle(analyses, 'wall'),
      cpu: middle(analyses, 'cpu'),
      rss: middle(analyses, 'rss'),
    },
  };
};

/** Peak memory of an audit of `count` different tokens of one address, read from a pipe. */
export const measureMemory = (folder, keys, { seed, count }) => {
  const make = `"${process.execPath}" "${join(import.meta.dirname, 'corpus.js')}" --one-address ${count} --seed ${seed}`;
  const audit = [...AUTHLOG, 'audit', '-', ...keyFlags(keys), ...settingsWithoutProxies(folder)];
  const quoted = [...audit, '--now', NOW, '--json', '-q'].map((word) => `"${word}"`).join(' ');
  const { run, readStdout } = measure(['sh', '-c', `${make} | ${quoted}`]);
  return { count, ...run, events: JSON.parse(readStdout()).totals.events };
};
