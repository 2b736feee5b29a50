import { rolldown } from 'rolldown';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** Bundles files of src (`scan/scanner`) into `folder`, as they lie in dist; tells the path of each. */
export const bundleStages = async (folder, names) => {
  const build = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, `${src}${name}.ts`])),
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
