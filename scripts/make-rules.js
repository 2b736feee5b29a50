// `npm run rules`: writes docs/RULES.md and sigma/ from src/audit/rules. Twice gives the same bytes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');

/** Loads TypeScript, bundled in memory with all that it imports. */
const load = async (code) => {
  const entry = '\0entry';
  const build = await rolldown({
    input: entry,
    cwd: ROOT,
    platform: 'node',
    plugins: [
      {
        name: 'entry',
        resolveId: (id, importer) =>
          id === entry ? id : importer === entry ? join(ROOT, id) : null,
        load: (id) => (id === entry ? code : null),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
};

const { RULES, generatedFiles } = await load(`
  export { RULES } from './src/audit/rules/index.ts';
  export { generatedFiles } from './scripts/rules/generated.ts';
`);

// A rule that is gone, or has a new name, leaves no file behind.
rmSync(join(ROOT, 'sigma'), { recursive: true, force: true });
mkdirSync(join(ROOT, 'sigma'));
const files = generatedFiles(RULES);
for (const [path, text] of files) writeFileSync(join(ROOT, path), text);
console.log(`docs/RULES.md of ${RULES.length} rules, ${files.size - 1} of them in sigma/`);
