import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './support/cli.ts';

/** What each folder or file of src may import beside itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  source: ['errors.ts'],
  scan: ['errors.ts'],
  keys: ['errors.ts'],
  weak: ['errors.ts', 'source', 'keys', 'verify', 'kernel'],
  verify: ['source', 'keys', 'scan'],
  event: ['source', 'keys', 'scan', 'verify'],
  kernel: ['source', 'scan', 'keys', 'verify'],
  judge: ['source', 'scan', 'keys', 'weak', 'verify', 'event', 'kernel'],
  threads: ['judge', 'source'],
  redact: ['scan', 'event', 'kernel'],
  summarize: ['source', 'keys', 'verify', 'kernel', 'judge'],
  audit: ['errors.ts', 'source', 'keys', 'weak', 'verify', 'event', 'judge'],
  config: ['errors.ts', 'keys', 'audit', 'schema'],
  compare: ['source', 'verify', 'event', 'summarize'],
  page: [],
  report: ['source', 'verify', 'event', 'judge', 'summarize', 'compare', 'audit', 'page'],
  revocation: ['errors.ts', 'keys', 'verify'],
  issue: ['errors.ts', 'keys', 'verify', 'event', 'weak'],
  record: ['errors.ts', 'source', 'keys', 'verify', 'event'],
  store: ['errors.ts', 'source', 'keys', 'verify', 'event', 'record'],
  ingest: ['errors.ts', 'source', 'keys', 'verify', 'event', 'judge', 'threads', 'record', 'store'],
  follow: ['errors.ts', 'source', 'verify', 'judge', 'threads', 'summarize', 'audit', 'ingest'],
  guard: ['errors.ts', 'source', 'keys', 'verify', 'event', 'revocation', 'record'],
  serve: [
    'page',
    'errors.ts',
    'keys',
    'verify',
    'event',
    'summarize',
    'audit',
    'report',
    'store',
    'guard',
  ],
  'jobs.ts': ['errors.ts', 'source', 'judge', 'threads'],
  'pipeline.ts': ['jobs.ts', 'errors.ts', 'source', 'judge', 'threads', 'summarize'],
  'history.ts': ['errors.ts', 'source', 'verify', 'event', 'judge', 'store'],
  merge: ['source', 'verify', 'judge', 'summarize'],
  manual: [],
  'tallies.ts': ['analyze.ts', 'errors.ts', 'source', 'merge', 'summarize'],
  'analyze.ts': [
    'jobs.ts',
    'pipeline.ts',
    'history.ts',
    'source',
    'keys',
    'verify',
    'kernel',
    'judge',
    'summarize',
  ],
  'audit.ts': [
    'analyze.ts',
    'jobs.ts',
    'pipeline.ts',
    'history.ts',
    'source',
    'weak',
    'verify',
    'event',
    'judge',
    'summarize',
    'audit',
  ],
  'comparison.ts': [
    'analyze.ts',
    'pipeline.ts',
    'history.ts',
    'source',
    'event',
    'summarize',
    'compare',
  ],
  'index.ts': [
    'analyze.ts',
    'tallies.ts',
    'errors.ts',
    'source',
    'keys',
    'verify',
    'event',
    'summarize',
    'revocation',
    'issue',
    'record',
    'store',
    'guard',
  ],
  cli: [
    'analyze.ts',
    'audit.ts',
    'comparison.ts',
    'history.ts',
    'jobs.ts',
    'tallies.ts',
    'pipeline.ts',
    'errors.ts',
    'source',
    'scan',
    'keys',
    'weak',
    'verify',
    'event',
    'kernel',
    'judge',
    'threads',
    'summarize',
    'compare',
    'audit',
    'config',
    'manual',
    'redact',
    'report',
    'revocation',
    'issue',
    'record',
    'store',
    'ingest',
    'follow',
    'guard',
    'serve',
  ],
};

/** The only places that may import a package. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli'],
  'readline-sync': ['cli/prompt.ts'],
  yaml: ['config/document.ts'],
  'mmdb-lib': ['audit/geoip.ts'],
  chalk: ['report/theme.ts'],
  'cli-table3': ['report/grid.ts'],
  'cli-progress': ['cli/progress.ts'],
  jose: ['keys', 'issue'],
  'prom-client': ['guard/metrics.ts'],
  hono: ['serve/app.ts'],
  '@hono/node-server': ['serve/server.ts'],
  tinyglobby: ['source/inputs.ts'],
  'temporal-polyfill': ['source/fields/zone.ts'],
  'parse-duration': ['cli/values.ts'],
  'string-width': ['report/width.ts'],
  '@duckdb/node-api': ['store/duckdb'],
  mongodb: ['store/mongodb'],
  '@clickhouse/client': ['store/clickhouse'],
};

/** Packages whose code is put into a file of our own when it is built: nobody installs them. */
const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  uplot: ['page/chart.ts'],
  ajv: ['config/schema-check.ts', 'config/validator.d.ts'],
};

const SRC = `${ROOT}src`;
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((f) =>
  f.endsWith('.ts'),
);
const IMPORT = /(?:\bfrom\s+|\bimport\s+|\bimport\()'([^']+)'/g;
/** The stage of a file of src; schemas lie beside it. */
const stageOf = (file: string): string => file.replace(/^\.\.\//, '').split('/')[0] ?? file;

const importsOf = (file: string): readonly string[] => {
  const text = readFileSync(join(SRC, file), 'utf8');
  const named = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
  const required = [...text.matchAll(/createRequire\(.*\)\('([^']+)'\)/g)].map(
    (match) => match[1] ?? '',
  );
  return [...named, ...required];
};

describe('the way of the data', () => {
  test('every stage is in the table', () => {
    expect([...new Set(files.map(stageOf))].toSorted()).toEqual(Object.keys(ALLOWED).toSorted());
  });

  test.each(files)('%s imports only what its stage may', (file) => {
    const stage = stageOf(file);
    for (const name of importsOf(file).filter((n) => n.startsWith('.'))) {
      const target = stageOf(relative(SRC, join(SRC, dirname(file), name)));
      expect([stage, ...(ALLOWED[stage] ?? [])], `${file} imports ${name}`).toContain(target);
    }
  });

  test('packages are imported where they belong, and each is used', () => {
    const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as Record<
      'dependencies' | 'optionalDependencies' | 'peerDependencies',
      Record<string, string>
    >;
    const { optionalDependencies: optional, peerDependencies: peers } = manifest;
    const dependencies = { ...manifest.dependencies, ...optional, ...peers };
    expect(Object.keys(OWNERS).toSorted()).toEqual(Object.keys(dependencies).toSorted());
    const used = new Set<string>();
    // What the page imports is in its bundle.
    for (const file of files.filter((name) => !name.startsWith('page/'))) {
      for (const imported of importsOf(file)) {
        if (imported.startsWith('.') || imported.startsWith('node:')) continue;
        // A file of a package counts as the package.
        const name = /^(?:@[^/]+\/)?[^/]+/.exec(imported)![0];
        if (BUNDLED[name] === undefined) used.add(name);
        const owners = BUNDLED[name] ?? OWNERS[name] ?? [];
        expect(
          owners.some((o) => file === o || file.startsWith(`${o}/`)),
          `${file} imports ${name}`,
        ).toBe(true);
      }
    }
    expect([...used].toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });
});

test('an ES module of a package is imported when it is needed: the build is CommonJS', () => {
  for (const file of files.filter((name) => !name.startsWith('page/'))) {
    const text = readFileSync(join(SRC, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/^import (?!type )[^']* from '([^.'][^']*)'/gm)) {
      if (name.startsWith('node:')) continue;
      const manifest = readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8');
      const { type } = JSON.parse(manifest) as { type?: string };
      expect(type, `${file} imports ${name}`).not.toBe('module');
    }
  }
});

describe('the house', () => {
  test('no file takes more than one sitting', () => {
    const long = files.filter(
      (file) => readFileSync(join(SRC, file), 'utf8').split('\n').length > 301,
    );
    expect(long).toEqual([]);
  });

  test('no default export, no drawer for everything', () => {
    for (const file of files) {
      expect(file).not.toMatch(/utils?|helpers?|common|misc/);
      expect(readFileSync(join(SRC, file), 'utf8'), file).not.toMatch(/export default/);
    }
  });
});
