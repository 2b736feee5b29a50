// node --random-seed=1 scripts/code-cache.js FOLDER FILE…
// Splits each CommonJS file into its code and a module that runs that code from V8's code cache.
// V8 refuses a cache that another version of it made, and compiles as ever.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const [folder, ...files] = process.argv.slice(2);
for (const file of files) {
  const stem = `${folder}/${file.replace(/\.cjs$/, '')}`;
  // A stack trace shows the name in the cache, wherever the package lies: so it is a relative one.
  const filename = `authlog/dist/${file.replace(/cjs$/, 'body.cjs')}`;
  renameSync(`${stem}.cjs`, `${stem}.body.cjs`);
  // A cached script can't import: it asks the module around it, by a name that no source has.
  const text = readFileSync(`${stem}.body.cjs`, 'utf8').replaceAll(/\bimport\((?=")/g, '__import(');
  const code = `(function (exports, require, module, __filename, __import) { ${text}})\n`;
  writeFileSync(`${stem}.body.cjs`, code);
  const name = basename(stem);
  writeFileSync(
    `${stem}.cjs`,
    `"use strict";
const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");
const code = readFileSync(\`\${__dirname}/${name}.body.cjs\`, "utf8");
const cachedData = readFileSync(\`\${__dirname}/${name}.cache\`);
const script = new Script(code, { filename: "${filename}", cachedData });
script.runInThisContext()(exports, require, module, __filename, (name) => import(name));
`,
  );
  setFlagsFromString('--no-lazy');
  const script = new Script(code, { filename });
  // A cache is good only under the flags that it was made under.
  setFlagsFromString('--lazy');
  writeFileSync(`${stem}.cache`, script.createCachedData());
}
