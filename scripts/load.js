import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { schemaValidator } from './schema-validator.js';

export const ROOT = join(import.meta.dirname, '..');

/** Loads TypeScript, bundled with all of ours that it imports. */
export const load = async (code) => {
  const entry = '\0entry';
  const build = await rolldown({
    input: entry,
    cwd: ROOT,
    platform: 'node',
    external: /^[a-z@]/,
    plugins: [
      schemaValidator(),
      {
        name: 'entry',
        resolveId: (id, importer) =>
          id === entry ? id : importer === entry ? join(ROOT, id) : null,
        load: (id) => (id === entry ? code : null),
      },
    ],
  });
  // A file where the packages are found: a data URL can't ask for them.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.authlog-'));
  try {
    await build.write({ file: join(folder, 'made.mjs'), format: 'esm', codeSplitting: false });
    return await import(join(folder, 'made.mjs'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
