import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { schemaValidator } from './schema-validator.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = (name) => `${root}src/${name}.ts`;

/** What starts together lies together; the rest is loaded when it is needed. A thread loads `judge` alone. */
const GROUPS = [
  ['start', 'threads/start'],
  ['judge', 'judge/judge', 'threads/job'],
  ['analyze', 'analyze', 'keys/io', 'keys/ring', 'source/inputs'],
  ['command', 'cli/program', 'cli/commands/analyze', 'report/json'],
  ['table', 'report/table'],
];
/** Packages that lie in the bundle too, where their code cache is: jose is fifty modules, which take 45 ms to load one by one. */
const BUNDLED = ['jose', 'commander'];
const packageOf = (id) =>
  BUNDLED.find((name) => id.startsWith(`${root}node_modules/${name}/`)) ?? null;
/** Compiling less than this takes no longer than reading a cache. */
const LEAST_CACHED = 16_384;

/**
 * Bundles src into `folder`: CommonJS, which Node starts sooner than ES modules, and which can be
 * had compiled. Every file lies one folder deep, so that `../` leads from each to all others.
 */
export const bundle = async (folder) => {
  const build = await rolldown({
    // Else the start would load a chunk for two numbers.
    optimization: { inlineConst: true },
    input: {
      'cli/main': src('cli/main'),
      'lib/index': src('index'),
      'threads/worker': src('threads/worker'),
      'weak/worker': src('weak/worker'),
    },
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && !BUNDLED.includes(id),
    plugins: [schemaValidator()],
  });
  const { output } = await build.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name].cjs',
    banner: ({ moduleIds }) =>
      BUNDLED.filter((name) => moduleIds.some((id) => packageOf(id) === name))
        .map(noticeOf)
        .join('\n'),
    codeSplitting: {
      groups: [
        ...BUNDLED.map((name) => ({
          name,
          test: (id) => packageOf(id) === name,
          priority: GROUPS.length + 1,
        })),
        ...GROUPS.map(([name, ...files], index) => {
          const roots = new Set(files.map(src));
          return { name, test: (id) => roots.has(id), priority: GROUPS.length - index };
        }),
      ],
    },
  });
  writeFileSync(`${folder}/index.js`, "export * from './lib/index.cjs';\n");
  const large = output.filter(({ code }) => code.length >= LEAST_CACHED);
  execFileSync(process.execPath, [
    // Else strings are hashed, and so laid out, differently in every process.
    '--random-seed=1',
    `${root}scripts/code-cache.js`,
    folder,
    ...large.map(({ fileName }) => fileName),
  ]);
};

/** Whose code of a package it is, as its licence asks. */
const noticeOf = (name) => {
  const folder = `${root}node_modules/${name}`;
  const file = readdirSync(folder).find((entry) => entry.startsWith('LICENSE'));
  const [owner] = /^Copyright.*$/m.exec(readFileSync(`${folder}/${file}`, 'utf8'));
  const { homepage, repository } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const home = homepage ?? repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return `/*! ${name} (${home}), MIT licence, ${owner} */`;
};

/** The code of a build, without text that would end the element it stands in. */
const inline = ([{ code }]) => code.trim().replaceAll('</script', String.raw`<\/script`);

/** The page's script as one file, and its style with that of its charts: the report holds both as they are. */
export const bundlePage = async (folder) => {
  const build = await rolldown({ input: `${root}src/page/main.ts`, platform: 'browser' });
  const { output } = await build.generate({ format: 'iife', minify: true, comments: false });
  const charts = `${root}node_modules/uplot`;
  const notice = `${noticeOf('uplot')}\n`;
  const live = await rolldown({ input: `${root}src/page/live/main.ts`, platform: 'browser' });
  const { output: liveOutput } = await live.generate({ format: 'iife', minify: true });
  const styles = readdirSync(`${root}src/page/style`)
    .toSorted()
    .map((name) => `${root}src/page/style/${name}`);
  const style = [`${charts}/dist/uPlot.min.css`, ...styles];
  mkdirSync(`${folder}/page`, { recursive: true });
  writeFileSync(`${folder}/page/page.js`, notice + inline(output));
  writeFileSync(`${folder}/page/live.js`, inline(liveOutput));
  writeFileSync(
    `${folder}/page/page.css`,
    notice + style.map((name) => readFileSync(name, 'utf8').trim()).join('\n'),
  );
};
