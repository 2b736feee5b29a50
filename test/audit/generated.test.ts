import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/rules/generated.ts';
import { uuidOf } from '../../scripts/rules/sigma.ts';
import { RULES } from '../../src/audit/rules/index.ts';
import { ROOT } from '../support/cli.ts';

const files = generatedFiles(RULES);

test.each([...files])('%s is what `npm run rules` makes of the rules', (path, text) => {
  expect(readFileSync(`${ROOT}${path}`, 'utf8')).toBe(text);
});

test('sigma/ holds no file of a rule that is gone', () => {
  const made = [...files.keys()].filter((path) => path.startsWith('sigma/'));
  expect(readdirSync(`${ROOT}sigma`).map((name) => `sigma/${name}`)).toEqual(made);
});

test('ids of Sigma rules are UUIDs of version 5 that stay the same', () => {
  expect(uuidOf('AL001')).toBe('f41fc15b-afd1-5e0f-b25c-b50f9a2f3d03');
  expect(uuidOf('AL001')).not.toBe(uuidOf('AL002'));
});

test('the page tells of every rule, and where its Sigma file is or why there is none', () => {
  const page = files.get('docs/RULES.md')!;
  for (const { id, sigma } of RULES) {
    const section = page.slice(page.indexOf(`## ${id}:`)).split('\n## ')[0]!;
    expect(section).toMatch(
      'none' in sigma ? /\*\*Sigma:\*\* no\. / : `../sigma/${id.toLowerCase()}-`,
    );
  }
});
