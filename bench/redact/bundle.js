import { rolldown } from 'rolldown';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const STAGES = ['redact/redact', 'scan/scanner', 'scan/spans', 'source/open', 'source/blocks'];

/** Bundles the stages that are measured into `folder`, as they lie in dist; the path of each. */
export const bundleStages = async (folder) => {
  const build = await rolldown({
    input: Object.fromEntries(STAGES.map((name) => [name, `${src}${name}.ts`])),
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
  return (name) => `${folder}/${name}.cjs`;
};
