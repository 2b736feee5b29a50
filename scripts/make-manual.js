// `npm run manual`: writes completions/ and man/ from the definitions of the commands. Twice gives the same bytes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, ROOT } from './load.js';

const { manualFiles } = await load(`export { manualFiles } from './scripts/manual/generated.ts';`);
const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
const files = await manualFiles(JSON.parse(manifest).version);

// A command that is gone, or has a new name, leaves no page behind.
for (const folder of ['completions', 'man']) {
  rmSync(join(ROOT, folder), { recursive: true, force: true });
  mkdirSync(join(ROOT, folder));
}
for (const [path, text] of files) writeFileSync(join(ROOT, path), text);
const pages = [...files.keys()].filter((path) => path.startsWith('man/'));
const list = pages.map((path) => `    "${path}"`).join(',\n');
writeFileSync(
  join(ROOT, 'package.json'),
  manifest.replace(/"man": \[[^\]]*\]/, `"man": [\n${list}\n  ]`),
);
console.log(`${pages.length} pages in man/, ${files.size - pages.length} scripts in completions/`);
