// `npm run rules`: writes docs/RULES.md and sigma/ from src/audit/rules. Twice gives the same bytes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');

/** Loads TypeScript, bundled with all that it imports. */
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
  // A file, because modules out of a data URL can't ask for those of Node.
  const folder = mkdtempSync(join(tmpdir(), 'authlog-rules-'));
  try {
    await build.write({ file: join(folder, 'rules.mjs'), format: 'esm', codeSplitting: false });
    return await import(join(folder, 'rules.mjs'));
  } finally {
    rmSync(folder, { recursive: true });
  }
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
