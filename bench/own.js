// authlog itself, as the benchmark calls it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, shown } from './places.js';

/** A build that is older than the source measures something else than it seems to. */
const isStale = (authlogBin) => {
  const root = join(authlogBin, '../..');
  const built = statSync(join(root, 'dist/index.js'), { throwIfNoEntry: false })?.mtimeMs;
  const sources = ['src', 'assembly']
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder));
  return sources.some((folder) =>
    readdirSync(folder, { recursive: true }).some(
      (name) => statSync(join(folder, name)).mtimeMs > built,
    ),
  );
};

const version = (authlogBin) => {
  if (!existsSync(authlogBin))
    throw new Error(`${shown(authlogBin)} does not exist: npm run build`);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const stale = isStale(authlogBin) ? ' (built before its source last changed)' : '';
  return `authlog ${manifest.version}${stale}, Node ${process.versions.node}`;
};

const readCounts = (stdout) => {
  const { tokens, verdicts } = JSON.parse(stdout).totals;
  const { valid, expired, bad_signature } = verdicts;
  return { tokens, accepted: valid, expired, bad_signature };
};

const analyze = (name, does, { flags = [], beside = false } = {}) => ({
  name,
  does,
  beside,
  prepare: ({ authlogBin }) => ({
    version: version(authlogBin),
    argv: ({ file, keyFile, rsa }) => [
      process.execPath,
      authlogBin,
      'analyze',
      file,
      rsa ? '--key' : '--secret-file',
      keyFile,
      '--json',
      ...flags,
    ],
  }),
  counts: readCounts,
});

/** `beside`: the program reads the second log of its kind. */
export const OWN = [
  analyze('authlog', 'everything: verdicts, users, expiry, as JSON'),
  analyze('authlog-1-thread', 'the same on one thread', { flags: ['--threads', '1'] }),
  analyze('authlog-plain', 'the same tokens in a plain log, uncompressed', { beside: true }),
  analyze('authlog-tenth', 'the first tenth of the log', { beside: true }),
  {
    name: 'version',
    does: 'starts and says its version',
    logless: true,
    prepare: ({ authlogBin }) => ({
      version: version(authlogBin),
      argv: () => [process.execPath, authlogBin, '--version'],
    }),
    counts: () => ({}),
  },
];
