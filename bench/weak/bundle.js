import { rolldown } from 'rolldown';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Bundles the search and its thread into `folder`, as they lie in dist; the path of the search. */
export const bundleSearch = async (folder) => {
  const build = await rolldown({
    input: { 'weak/search': `${src}weak/search.ts`, 'weak/worker': `${src}weak/worker.ts` },
    platform: 'node',
    external: /^[^./]/,
  });
  await build.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name].cjs',
  });
  await build.close();
  return `${folder}/weak/search.cjs`;
};
