import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { RULES } from '../../src/audit/rules/index.ts';
import { settingsBy } from '../../src/cli/audit-settings.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ROOT } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { mmdb } from './mmdb.ts';

interface Schema {
  readonly properties: object;
}

test('the schema of configurations is a schema itself', () => {
  const schema: unknown = JSON.parse(readFileSync(`${ROOT}schema/authlog.config-1.json`, 'utf8'));
  expect(new Ajv2020().validateSchema(schema as object)).toBe(true);
});

test('the example in the documentation is right, and shows every member', async () => {
  const text = readFileSync(`${ROOT}docs/CONFIG.md`, 'utf8');
  const example = /```yaml\n([^]*?)```/.exec(text)![1]!;
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'authlog.config.yaml'), example);
  writeFileSync(join(cwd, 'revoked.jsonl'), '{"jti":"a"}\n');
  writeFileSync(join(cwd, 'GeoLite2-City.mmdb'), mmdb('GeoLite2-City', []));
  const config = await loadConfig(null, { cwd, env: {} });
  const now = Date.parse('2026-11-21T00:00:00Z');
  const settings = await settingsBy(config, { level: 'info' }, RULES, { now }, cwd);
  const changed = settings.rules.find(({ rule }) => rule.id === 'AL007');
  expect(changed).toMatchObject({ level: 'high', thresholds: { tries: 10, span: 900 } });
  expect(settings.rules.some(({ rule }) => rule.name === 'token-shared')).toBe(false);
  const schema = JSON.parse(readFileSync(`${ROOT}schema/authlog.config-1.json`, 'utf8')) as Schema;
  const members = Object.keys(schema.properties).filter((name) => name !== '$schema');
  expect(Object.keys(config.values)).toEqual(members);
});
