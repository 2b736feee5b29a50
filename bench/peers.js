// Programs that do the work of authlog, or the better part of it: how to build and how to call each.
// `prepare` answers where the program is, or throws a sentence that says why it is left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, WORK } from './places.js';
import { step, versionOf } from './toolchain.js';

const PEERS_DIR = join(import.meta.dirname, 'peers');

/** Peers open a file by name: a gzip log reaches them through a pipe, as it would on a terminal. */
const throughPipe = (log, argv) =>
  log.gzip ? ['sh', '-c', 'gzip -dc "$0" | "$@"', log.file, ...argv] : argv;

const readsLog = (program) => (log) =>
  throughPipe(log, [...program, log.gzip ? '/dev/stdin' : log.file, log.keyFile, log.pattern]);

const captured = (file, expression) => expression.exec(readFileSync(file, 'utf8'))?.[1];

export const PEERS = [
  {
    name: 'rust',
    does: 'verdict and user counts: jsonwebtoken + regex + serde, 1 thread',
    prepare: () => {
      const dir = join(PEERS_DIR, 'rust');
      step('cargo', ['build', '--release', '--locked', '--target-dir', join(WORK, 'rust')], {
        cwd: dir,
      });
      const lock = join(dir, 'Cargo.lock');
      const crate = captured(lock, /name = "jsonwebtoken"\nversion = "([^"]+)"/);
      return {
        version: `jsonwebtoken ${crate}, ${versionOf('rustc', '-V')}`,
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
      const module = captured(join(dir, 'go.mod'), /golang-jwt\/jwt\/v5 (\S+)/);
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
      const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
      step(python, [...pip, '-r', join(PEERS_DIR, 'requirements.txt')]);
      const pyjwt = step(python, ['-c', 'import jwt; print(jwt.__version__)']);
      return {
        version: `PyJWT ${pyjwt}, ${versionOf(python, '-V')}`,
        argv: readsLog([python, join(PEERS_DIR, 'article.py')]),
      };
    },
  },
  {
    name: 'naive',
    does: 'verdict and user counts: readline + jose.jwtVerify per line; one run',
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
    name: 'floor',
    does: 'signatures only: C, memmem + SHA extensions, one thread, no JSON, no clock',
    takes: ({ gzip, rsa, pattern }) => !gzip && !rsa && pattern.startsWith('Token'),
    prepare: () => {
      const program = join(WORK, 'floor');
      const flags = ['-O2', '-msse4.1', '-msha', '-o', program, join(PEERS_DIR, 'floor.c')];
      step('cc', flags);
      if (spawnSync(program, []).status === 3)
        throw new Error('this processor has no SHA extensions');
      return { version: versionOf('cc', '--version'), argv: readsLog([program]) };
    },
  },
  {
    name: 'verify',
    does: 'signatures only: node:crypto on all cores, no JSON, no clock',
    takes: ({ rsa }) => rsa,
    prepare: () => ({
      version: `Node ${process.versions.node}, ${process.versions.openssl}`,
      argv: readsLog([process.execPath, join(PEERS_DIR, 'verify.mjs')]),
    }),
  },
].map((peer) => ({ ...peer, counts: JSON.parse }));
