// `npm run rules`: writes docs/RULES.md and sigma/ from src/audit/rules. Twice gives the same bytes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, ROOT } from './load.js';

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
