import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRules, parseRules } from '../../src/guard/rules-file.ts';
import { ROOT } from '../support/cli.ts';

const file = {
  rules: [
    { path: '/', scopes: ['app'] },
    { path: '/admin', roles: ['admin'] },
    { path: '/admin/help', public: true },
    { path: '/open', public: true },
    { path: '/api', methods: ['GET', 'HEAD'] },
    { path: '/api', methods: ['POST'], scopes: ['write'] },
    { path: '/café au lait', roles: ['barista'] },
  ],
};
const rules = createRules(file);

/** The path of the rule that is found, or the problem. */
const found = (path: string | null, method: string | null = 'GET'): string => {
  const { rule, problem } = rules.find(method, path);
  return problem ?? (rule === null ? 'default' : `/${rule.path.join('/')}`);
};

describe('the longest path that holds, on borders of segments', () => {
  test.each([
    ['/', '/'],
    ['/adminx', '/'],
    ['/admin', '/admin'],
    ['/admin/', '/admin'],
    ['/admin/users?x=/open', '/admin'],
    ['/admin/help/me', '/admin/help'],
    ['/admin/helpless', '/admin'],
    ['/%61dmin/x', '/admin'],
    ['/caf%C3%A9%20au%20lait', '/café au lait'],
    ['/open/a;v=1', '/open'],
    ['/open//x', '/open'],
    ['/100%25', '/'],
  ])('%s: %s', (path, rule) => expect(found(path)).toBe(rule));

  test('methods are compared as they are; a path that does not name one has no rule for it', () => {
    expect(found('/api/x', 'HEAD')).toBe('/api');
    expect(rules.find('POST', '/api').rule!.scopes).toEqual(['write']);
    expect(found('/api/x', 'DELETE')).toBe('no_rule');
    expect(found('/api/x', 'get')).toBe('no_rule');
    expect(found('/api/x', null)).toBe('no_method');
    expect(found(null)).toBe('no_path');
  });

  test('without a rule the default holds', () => {
    const some = [{ path: '/open', public: true }];
    expect(createRules({ rules: some }).find('GET', '/x')).toEqual({ rule: null, problem: null });
    expect(createRules({ rules: some, default: 'deny' }).find('GET', '/x').problem).toBe('no_rule');
  });
});

describe('a path that programs read in different ways is refused', () => {
  test.each([
    '//admin',
    '/open//../admin',
    '/./admin',
    '/x/../admin',
    '/x/%2e%2e/admin',
    '/x/.%2E/admin',
    '/open/..;/admin',
    '/open/..;x=1/admin',
    '/open/..%3b/admin',
    '/admin;x=1',
    '/;x/admin',
    '/admin%3bx=1/users',
    '/admin%3f',
    '/admin%23',
    '/ADMIN',
    '/%41dmin',
    '/Admin/x',
    '/admin%2fusers',
    '/open%2F..%2fadmin',
    '/open%5c..%5cadmin',
    '/open\\..\\admin',
    '/admin%00',
    '/admin%0a',
    '/admin%20',
    '/admin.',
    '/admin%2e',
    '/%2561dmin',
    '/open/%252e%252e/admin',
    '/%c0%ae%c0%ae/admin',
    '/%e0%80%af',
    '/%uff0e',
    '/admi%6',
    '/%',
    '/admin#x',
    '/\uFF41dmin',
    '/%EF%BD%81dmin',
    '/open/%EF%BC%8E%EF%BC%8E/admin',
    '/open%EF%BC%8Fx',
    'admin',
    '*',
    '',
    'http://other/admin',
    '/open /admin',
  ])('%j', (path) => expect(found(path)).toBe('ambiguous_path'));
});

/** Ways in which an attacker may spell one character of a path. */
const spelled = (character: string): fc.Arbitrary<string> => {
  const hex = character.codePointAt(0)!.toString(16).padStart(2, '0');
  const other = fc.constantFrom(
    character.toUpperCase(),
    `%${hex}`,
    `%${hex.toUpperCase()}`,
    `%25${hex}`,
    `%c0%${(0x80 + character.codePointAt(0)!).toString(16)}`,
    character === '/' ? '//' : character,
    character === '/' ? '/./' : character,
    character === '/' ? '/x/../' : character,
    character === '/' ? '/open/..;/' : character,
    character === '/' ? '\\' : character,
    character === '/' ? ';a=b/' : character,
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(character) },
    { weight: 1, arbitrary: other },
  );
};

test('no spelling of a protected path finds a laxer rule', () => {
  const disguised = fc
    .tuple(
      fc.constantFrom('', '/open/..', '/open%2f..', '/admin/help/..', '/.'),
      ...Array.from('/admin', spelled),
      fc.constantFrom(
        '',
        '/',
        '/users',
        ';x',
        '.',
        '%20',
        '%00',
        '?/open',
        '%3f/open',
        '/..',
        '%2f',
      ),
    )
    .map((parts) => parts.join(''));
  const counts: Record<string, number> = { '/admin': 0, ambiguous_path: 0 };
  fc.assert(
    fc.property(disguised, (path) => {
      const rule = found(path);
      expect(Object.keys(counts), path).toContain(rule);
      counts[rule]! += 1;
    }),
    { seed: 11, numRuns: 5000 },
  );
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10);
});

test('finding never throws, whatever the path', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(text, text, (method, path) => {
      rules.find(method, path);
      rules.find(method, `/${path}`);
    }),
    { seed: 12, numRuns: 3000 },
  );
});

describe('a file of rules', () => {
  test.each([
    ['{', 'rules.json is not JSON'],
    ['[]', 'rules.json must be an object'],
    ['{}', 'rules.json: rules must be a list'],
    ['{"rules":[],"defualt":"deny"}', 'rules.json: defualt is not known'],
    ['{"rules":[],"default":"allow"}', 'rules.json: default must be "token" or "deny"'],
    ['{"rules":[{"path":"/a","role":["x"]}]}', 'rules.json: rules[0].role is not known'],
    ['{"rules":[{}]}', 'rules.json: rules[0].path must be a text that starts with /'],
    ['{"rules":[{"path":"/a"},{"path":"/%61"}]}', 'rules.json: rules[1].path must be'],
    ['{"rules":[{"path":"/a//b"}]}', 'rules.json: rules[0].path must not have empty'],
    ['{"rules":[{"path":"/a/../b"}]}', 'rules.json: rules[0].path must not have empty'],
    ['{"rules":[{"path":"/a"},{"path":"/a/"}]}', 'rules[1] has path and method of rules[0]'],
    ['{"rules":[{"path":"/a","methods":[]}]}', 'rules[0].methods must be a list'],
    ['{"rules":[{"path":"/a","methods":["get"]}]}', 'rules[0].methods[0] is not a name'],
    ['{"rules":[{"path":"/a","scopes":["a b"]}]}', 'rules[0].scopes[0] is not a name'],
    ['{"rules":[{"path":"/a","scopes":["a\\"b"]}]}', 'rules[0].scopes[0] is not a name'],
    ['{"rules":[{"path":"/a","roles":"admin"}]}', 'rules[0].roles must be a list'],
    ['{"rules":[{"path":"/a","public":1}]}', 'rules[0].public must be true or false'],
    ['{"rules":[{"path":"/a","public":true,"roles":["x"]}]}', 'rules[0].public excludes'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseRules(text, 'rules.json')).toThrow(message);
  });
});

test('the schema says the same of shape and names', () => {
  const schema: object = JSON.parse(
    readFileSync(`${ROOT}schema/authlog.guard-rules-1.json`, 'utf8'),
  );
  const check = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);
  expect(check(file)).toBe(true);
  for (const bad of [
    {},
    { rules: [], defualt: 'deny' },
    { rules: [{ path: 'a' }] },
    { rules: [{ path: '/%61' }] },
    { rules: [{ path: '/a', role: ['x'] }] },
    { rules: [{ path: '/a', methods: ['get'] }] },
    { rules: [{ path: '/a', scopes: ['a"b'] }] },
    { rules: [{ path: '/a', scopes: [] }] },
  ]) {
    expect([bad, check(bad)]).toEqual([bad, false]);
    expect(() => createRules(bad)).toThrow('the rules');
  }
});
