import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** Says what a schema has against a value; empty where it has nothing. */
export type Check = (value: unknown) => readonly string[];

const checkWith =
  (validate: ValidateFunction): Check =>
  (value) => {
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(' '),
    );
  };

const readJson = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object;

/** Published patterns are not all meant for the flag `u`, and words of other programs are in between. */
const LENIENT = { strict: false, allErrors: true, unicodeRegExp: false } as const;

const isUri = (text: string): boolean => URL.canParse(text);
/** RFC 3986 appendix A: no other character stands raw, and a percent sign starts an escape. */
const isReference = (text: string): boolean =>
  /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*$/i.test(text) && URL.canParse(text, 'file:///');

/** The published schema of SARIF 2.1.0. */
export const checkSarif: Check = ((): Check => {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  // Draft 04, of which it uses nothing but the name of `id` that draft 07 does not have.
  const { $schema: _draft, id: _id, ...schema } = readJson(path) as Record<string, unknown>;
  const ajv = new Ajv({
    ...LENIENT,
    formats: {
      uri: isUri,
      'uri-reference': isReference,
      'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
    },
  });
  return checkWith(ajv.compile(schema));
})();

/** The published schemas of the OCSF classes that are printed; null, said aloud, where no Python has them. */
export const ocsf: { readonly activity: Check; readonly detection: Check } | null = (() => {
  const python = process.env['AUTHLOG_PYTHON'] ?? 'python3';
  const folder = mkdtempSync(join(tmpdir(), 'authlog-ocsf-'));
  try {
    const script = join(import.meta.dirname, 'ocsf-schemas.py');
    if (spawnSync(python, [script, folder]).status !== 0) {
      const how = 'set AUTHLOG_PYTHON to a Python that has it';
      process.stderr.write(`skipped: ${python} cannot import ocsf-json-schema (${how})\n`);
      return null;
    }
    const ajv = new Ajv2020(LENIENT);
    const check = (name: string): Check =>
      checkWith(ajv.compile(readJson(join(folder, `${name}.json`))));
    return { activity: check('api_activity'), detection: check('detection_finding') };
  } finally {
    rmSync(folder, { recursive: true });
  }
})();
