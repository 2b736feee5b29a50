// The programs that the benchmark runs side by side: how to build each one and how to call it.
// `prepare` answers where the program is, or throws a sentence that says why it is left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
const PEERS_DIR = join(import.meta.dirname, 'peers');
const WORK = join(import.meta.dirname, '.work');

/** Runs a build step to its end; throws one sentence when the tool is missing or the step fails. */
const step = (command, args, options = {}) => {
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (done.error) throw new Error(`${command} is not installed`);
  if (done.status !== 0) {
    const last = done.stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`${command} ${args[0] ?? ''} failed: ${last}`);
  }
  return done.stdout.trim();
};

const firstLine = (text) => text.split('\n')[0];

/** Peers open a file by name: a gzip log reaches them through a pipe, as it would on a terminal. */
const throughPipe = (log, argv) =>
  log.gzip ? ['sh', '-c', 'gzip -dc "$0" | "$@"', log.file, ...argv] : argv;

const readsLog = (program) => (log) =>
  throughPipe(log, [...program, log.gzip ? '/dev/stdin' : log.file, log.keyFile, log.pattern]);

const authlog = (name, extra) => ({
  name,
  does: 'everything: verdicts, users, expiry, as JSON',
  prepare: ({ authlogBin }) => {
    if (!existsSync(authlogBin)) throw new Error(`${authlogBin} does not exist: npm run build`);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    return {
      version: `authlog ${version}, Node ${process.versions.node}`,
      argv: ({ file, keyFile, rsa }) => [
        process.execPath,
        authlogBin,
        'analyze',
        file,
        rsa ? '--key' : '--secret-file',
        keyFile,
        '--json',
        ...extra,
      ],
    };
  },
  counts: (stdout) => {
    const { tokens, verdicts } = JSON.parse(stdout).totals;
    const { valid, expired, bad_signature } = verdicts;
    return { tokens, accepted: valid, expired, bad_signature };
  },
});

export const PEERS = [
  authlog('authlog', []),
  authlog('authlog-1-thread', ['--threads', '1']),
  {
    name: 'rust',
    does: 'verdict and user counts: jsonwebtoken + regex + serde, 1 thread',
    prepare: () => {
      const dir = join(PEERS_DIR, 'rust');
      step('cargo', ['build', '--release', '--locked', '--target-dir', join(WORK, 'rust')], {
        cwd: dir,
      });
      const lock = readFileSync(join(dir, 'Cargo.lock'), 'utf8');
      const crate = /name = "jsonwebtoken"\nversion = "([^"]+)"/.exec(lock)?.[1];
      return {
        version: `jsonwebtoken ${crate}, ${step('rustc', ['-V'])}`,
        argv: readsLog([join(WORK, 'rust/release/authlog-bench-peer')]),
      };
    },
  },
  {
    name: 'go',
    does: 'verdict and user counts: golang-jwt + regexp',
    prepare: () => {
      const dir = join(PEERS_DIR, 'go');
      const env = { ...process.env, GOTOOLCHAIN: 'local' };
      step('go', ['build', '-o', join(WORK, 'peer-go'), '.'], { cwd: dir, env });
      const module = /golang-jwt\/jwt\/v5 (\S+)/.exec(
        readFileSync(join(dir, 'go.mod'), 'utf8'),
      )?.[1];
      return {
        version: `golang-jwt ${module}, ${step('go', ['version'], { env })}`,
        argv: readsLog([join(WORK, 'peer-go')]),
      };
    },
  },
  {
    name: 'article',
    does: 'verdict and user counts: the article, PyJWT + re, log in memory',
    prepare: () => {
      const python = join(WORK, 'venv/bin/python');
      if (!existsSync(python)) step('python3', ['-m', 'venv', join(WORK, 'venv')]);
      const requirements = join(PEERS_DIR, 'requirements.txt');
      step(python, [
        '-m',
        'pip',
        'install',
        '-q',
        '--disable-pip-version-check',
        '-r',
        requirements,
      ]);
      const pyjwt = step(python, ['-c', 'import jwt; print(jwt.__version__)']);
      return {
        version: `PyJWT ${pyjwt}, ${step(python, ['-V'])}`,
        argv: readsLog([python, join(PEERS_DIR, 'article.py')]),
      };
    },
  },
  {
    name: 'naive',
    does: 'verdict and user counts: readline + jose.jwtVerify per line',
    slow: true,
    prepare: () => {
      const manifest = join(ROOT, 'node_modules/jose/package.json');
      if (!existsSync(manifest)) throw new Error('jose is not installed: npm ci');
      const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
      return {
        version: `jose ${version}, Node ${process.versions.node}`,
        argv: readsLog([process.execPath, join(PEERS_DIR, 'naive.mjs')]),
      };
    },
  },
  {
    name: 'rg',
    does: 'extraction only: verifies nothing',
    prepare: () => ({
      version: firstLine(step('rg', ['--version'])),
      argv: ({ file, gzip, pattern }) => ['rg', ...(gzip ? ['-z'] : []), '-o', pattern, file],
    }),
    counts: () => ({}),
  },
  {
    name: 'floor',
    does: 'signatures only: C, memmem + SHA extensions, no JSON, no clock',
    takes: ({ gzip, rsa, pattern }) => !gzip && !rsa && pattern.startsWith('Token'),
    prepare: () => {
      const program = join(WORK, 'floor');
      const flags = ['-O2', '-msse4.1', '-msha', '-o', program, join(PEERS_DIR, 'floor.c')];
      step('cc', flags);
      if (spawnSync(program, []).status === 3)
        throw new Error('this processor has no SHA extensions');
      return { version: firstLine(step('cc', ['--version'])), argv: readsLog([program]) };
    },
  },
];
