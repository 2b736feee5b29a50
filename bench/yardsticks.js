// Programs that do a part of the work, or none: what no analyzer of logs can do without.
import { step, versionOf } from './toolchain.js';

/**
 * Verifications a second of RSA 2048 in what `openssl speed rsa2048` prints; the columns differ
 * between releases, the heading names them.
 */
export const verifiesPerSecond = (stdout) => {
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const heading = lines.find((words) => words.includes('verify/s')) ?? [];
  const row = lines.find((words) => words[0] === 'rsa' && words.includes('bits')) ?? [];
  // Counted from the right: the row begins with words of its own, "rsa 2048 bits".
  const fromRight = heading.length - heading.indexOf('verify/s');
  const found = heading.length > 0 ? Number(row.at(-fromRight)) : 0;
  if (!(found > 0)) throw new Error('openssl speed prints something unknown');
  return found;
};

export const YARDSTICKS = [
  {
    name: 'rg',
    does: 'extraction only: verifies nothing',
    discard: true,
    prepare: () => ({
      version: versionOf('rg', '--version'),
      argv: ({ file, gzip, pattern }) => ['rg', ...(gzip ? ['-z'] : []), '-o', pattern, file],
    }),
  },
  {
    name: 'gzip',
    does: 'decompression only',
    takes: ({ gzip }) => gzip,
    discard: true,
    prepare: () => ({
      version: versionOf('gzip', '--version'),
      argv: ({ file }) => ['gzip', '-dc', file],
    }),
  },
  {
    name: 'openssl',
    does: 'the distinct tokens × the time of one verification, on all cores at once: calculated',
    takes: ({ rsa }) => rsa,
    prepare: () => ({
      version: step('openssl', ['version']),
      argv: () => ['openssl', 'speed', '-seconds', '1', 'rsa2048'],
    }),
    // The time that the program itself took says nothing; its answer does.
    reckon: (stdout, { distinct }, cores) => {
      const perSecond = verifiesPerSecond(stdout);
      const cpu = distinct / perSecond;
      return { wall: cpu / cores, cpu, rss: null, verifiesPerSecond: perSecond };
    },
  },
  {
    name: 'node',
    does: 'starts and does nothing',
    logless: true,
    prepare: () => ({
      version: `Node ${process.versions.node}`,
      argv: () => [process.execPath, '-e', '0'],
    }),
  },
].map((yardstick) => ({ ...yardstick, counts: () => ({}) }));
