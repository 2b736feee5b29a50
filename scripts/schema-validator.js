import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';

const ASKED = '.json?validator';

/**
 * A plugin of bundlers: `import { validate } from './x.json?validator'` is the function that Ajv makes of the schema.
 * Made beforehand: to load Ajv and to compile a schema takes a start of the program longer than all else that it does.
 */
export const schemaValidator = () => ({
  name: 'schema-validator',
  resolveId: (source, importer) =>
    source.endsWith(ASKED) ? resolve(dirname(importer), source) : null,
  load: (id) => (id.endsWith(ASKED) ? validatorOf(id.slice(0, id.indexOf('?'))) : null),
});

const validatorOf = (file) => {
  const schema = JSON.parse(readFileSync(file, 'utf8'));
  const options = { allErrors: true, verbose: true, strictTypes: false };
  const ajv = new Ajv2020({ ...options, code: { source: true, esm: true } });
  const code = standaloneCode
    .default(ajv, ajv.compile(schema))
    // The length of a text in code points, for which it asks a part of Ajv.
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', '((text) => [...text].length)');
  if (code.includes('require(')) throw new Error(`the validator of ${file} needs parts of Ajv`);
  return { code, moduleType: 'js' };
};
