import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LEVELS } from '../../src/audit/level.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/load-config.ts';
import { AuthlogError } from '../../src/errors.ts';

const parse = (text: string, name = 'c.yaml'): Promise<Config> =>
  parseConfig(text, `/etc/authlog/${name}`, name);

/** What a person is told: the sentence, and the hint where there is one. */
const told = async (text: string, name = 'c.yaml'): Promise<string> => {
  try {
    await parse(text, name);
  } catch (error) {
    if (!(error instanceof AuthlogError)) throw error;
    expect(error.exitCode).toBe(2);
    return `${error.message} | ${error.hint ?? ''}`;
  }
  throw new Error('nothing was wrong');
};

describe('YAML that can not be read is refused with its line', () => {
  test.each([
    ['rules: {\n', 'c.yaml:2: ends before a bracket is closed'],
    ['rules: [1, 2', 'c.yaml:1: ends before a bracket is closed'],
    ['learn: "1d', 'c.yaml:1: is not YAML: missing closing'],
    ['learn: 1d\nlearn: 2d\n', 'c.yaml:2: has a member twice'],
    ['rules:\n\tAL007: {}\n', 'c.yaml:2: is indented by a tab'],
    ['rules:\n  a: 1\n b: 2\n', 'c.yaml:3: is indented otherwise'],
    ['suppress:\n  - reason: a: b\n', 'c.yaml:2: has a second colon: put quotes'],
    ['issuers: &all [a]\naudiences: *all\n', 'c.yaml:2: refers to another place (*name)'],
    ['learn: 1d\n---\nlearn: 2d\n', 'c.yaml:2: begins a second document'],
    ['learn: !soon 1d\n', 'c.yaml:1: has a tag (!name), which is not known'],
    ['learn: !!timestamp 2026-01-01\n', 'c.yaml:1: has a tag'],
    ['? [a]\n: 1\n', 'c.yaml:1: has a name that is no text'],
    ['learn\nrules: 1\n', 'c.yaml:1: has a name without a colon behind it'],
  ])('%j', async (text, message) => {
    expect(await told(text)).toContain(message);
  });

  test('a bomb of aliases is refused before it is lit', async () => {
    const levels = Array.from({ length: 30 }, (_, i) =>
      i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`,
    );
    expect(await told(levels.join('\n'))).toContain('c.yaml:2: refers to another place');
  });

  test.each([
    ['brackets', '['.repeat(500_000)],
    ['lists', '- '.repeat(500_000)],
    ['indentation', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['brackets in JSON', `{"rules":${'{"a":'.repeat(200_000)}`],
  ])('a great depth of %s is refused at once', async (_says, text) => {
    expect(await told(text)).toContain('c.yaml is nested too deep');
    expect(await told(text, 'c.json')).toContain('c.json is nested too deep');
  });
});

describe('JSON is strict', () => {
  test.each([
    ['{\n"learn": "1d",\n}', 'c.json:3: is not JSON'],
    ['{"learn": "1d"', 'c.json:1: is not JSON'],
    ['{"learn": "1d",\n"learn": "2d"}', 'c.json:2: has a member twice'],
    ['learn: 1d', 'c.json:1: is not JSON'],
    ['{"learn": "1d" /* a day */}', 'c.json:1: is not JSON'],
  ])('%j', async (text, message) => {
    expect(await told(text, 'c.json')).toContain(message);
  });

  test('and its tabs are no matter', async () => {
    const config = await parse('{\n\t"learn":\n\t\t"1d"\n}', 'c.json');
    expect(config.values).toEqual({ learn: '1d' });
    expect(config.place(['learn'])).toBe('c.json:2: learn');
  });
});

const SUPPRESSION = '{ rule: AL001, reason: r, until: 2027-01-01';

describe('what the schema does not allow is told with its line and what is allowed', () => {
  test.each([
    ['- 1', 'c.yaml:1: must be an object | '],
    ['hello', 'c.yaml:1: must be an object | '],
    [
      '\n\nrulse: {}',
      'c.yaml:3: rulse is not known | Did you mean rules? Known are rules, suppress,',
    ],
    ['"\\u202Ex": 1', 'c.yaml:1: \\u{202e}x is not known | Known are'],
    ['rules: [AL007]', 'rules must be an object | '],
    ['rules:\n  AL007:\n', 'c.yaml:2: rules.AL007 must be an object'],
    ['rules:\n  AL007: { enabled: no }', 'c.yaml:2: rules.AL007.enabled must be true or false'],
    [
      'rules:\n  AL007: { enable: true }',
      'rules.AL007.enable is not known | Did you mean enabled? Known are enabled, level, thresholds.',
    ],
    [
      'rules:\n  AL007:\n    level: hihg',
      'c.yaml:3: rules.AL007.level must be one of info, low, medium, high, critical | Did you mean high?',
    ],
    ['rules: { AL007: { level: 3 } }', 'level must be one of info, low, medium, high, critical | '],
    [
      'rules: { AL007: { thresholds: { span: [1] } } }',
      'rules.AL007.thresholds.span must be a number, or a duration such as 10m',
    ],
    ['suppress: {}', 'suppress must be a list'],
    ['suppress:\n  - x', 'c.yaml:2: suppress[0] must be an object that names a rule or a finding'],
    [
      'suppress:\n  - { reason: r, until: 2027-01-01 }',
      'suppress[0] must be an object that names a rule or a finding',
    ],
    ['suppress:\n  - { rule: AL001, until: 2027-01-01 }', 'suppress[0].reason is missing'],
    ['suppress:\n  - { rule: AL001, reason: r }', 'suppress[0].until is missing'],
    ['suppress:\n  - { rule: AL001, reason: "", until: 2027-01-01 }', 'reason must be a text of 1'],
    [
      'suppress:\n  - { rule: AL001, reason: r, until: soon }',
      'suppress[0].until must be a date such as 2027-01-31 or a time such as',
    ],
    [`suppress:\n  - ${SUPPRESSION}, token_id: abc }`, 'token_id must be a token_id: 16 base64url'],
    [
      `suppress:\n  - ${SUPPRESSION}, finding: abc }`,
      'finding must be the id of a finding such as',
    ],
    [`suppress:\n  - ${SUPPRESSION}, user_id: [1] }`, 'user_id must be a text or a number'],
    [`suppress:\n  - ${SUPPRESSION}, user: 1 }`, 'suppress[0].user is not known | '],
    ['issuers: me', 'issuers must be a list of texts'],
    ['issuers:\n  - a\n  - 5', 'c.yaml:3: issuers[1] must be a text of 1'],
    ['one_time: { paths: [reset] }', 'one_time.paths[0] must be a text that starts with /'],
    ['lateness: soon', 'lateness must be a number of seconds or a duration such as 30s, 10m or 7d'],
    ['lateness: -1', 'lateness must be a number of seconds or a duration'],
    ['change_windows:\n  - { from: 2026-01-01 }', 'change_windows[0].to is missing'],
    ['geoip: 5', 'geoip must be the path of a file'],
  ])('%j', async (text, message) => {
    expect(await told(text)).toContain(message);
  });

  test('the first of several is told, by its line, and how many there are', async () => {
    const text = 'lateness: soon\nrulse: {}\nissuers: me\n';
    expect(await told(text)).toMatch(/^c\.yaml:1: lateness must .* \(and 2 more\) \| /);
  });
});

test('a file of nothing but comments sets nothing', async () => {
  for (const text of ['', '# later\n', '{}', '---\n']) {
    expect((await parse(text)).values).toEqual({});
  }
});

test('relative paths are relative to the file', async () => {
  const { values } = await parse('revocations: revoked.jsonl\ngeoip: /var/geo.mmdb\n');
  expect(values).toEqual({
    revocations: '/etc/authlog/revoked.jsonl',
    geoip: '/var/geo.mmdb',
  });
});

test('a place is told also where its value is not, by what holds it', async () => {
  const config = await parse('suppress:\n  - rule: AL001\n    reason: r\n    until: 2027-01-01\n');
  expect(config.place(['suppress', 0, 'until'])).toBe('c.yaml:4: suppress[0].until');
  expect(config.place(['suppress', 0, 'ip'])).toBe('c.yaml:2: suppress[0].ip');
  expect(config.place(['learn'])).toBe('c.yaml:1: learn');
});

test('the schema has the levels that findings have', () => {
  const file = new URL('../../schema/authlog.config-1.json', import.meta.url);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as {
    $defs: { rule: { properties: { level: { enum: string[] } } } };
  };
  expect(schema.$defs.rule.properties.level.enum).toEqual([...LEVELS]);
});
