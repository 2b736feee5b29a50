import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRIVILEGED_ROLES } from '../../src/audit/context.ts';
import { defineRule, type Rule } from '../../src/audit/rule.ts';
import { settingsBy, type AuditBase, type AuditSettings } from '../../src/cli/audit-settings.ts';
import type { RuleFlags } from '../../src/cli/define/audit-flags.ts';
import { parseConfig } from '../../src/config/load-config.ts';
import { AuthlogError } from '../../src/errors.ts';
import { tempFolder } from '../support/folder.ts';
import { mmdb } from './mmdb.ts';

const ruleLike = (id: Rule['id'], name: string, thresholds: Rule['thresholds']): Rule =>
  defineRule({
    id,
    name,
    title: name,
    level: 'low',
    attack: [],
    condition: '',
    meaning: '',
    action: '',
    falsePositives: [],
    thresholds,
    sigma: { none: 'a test' },
    verdicts: null,
    start: () => null,
    hits: [],
    misses: [],
  });

const REGISTRY: readonly Rule[] = [
  ruleLike('AL001', 'alg-none', {}),
  ruleLike('AL007', 'expired-use', {
    tries: { value: 5, unit: 'count', means: 'tries of one token' },
    span: { value: 600, unit: 'seconds', means: 'the time in which they come' },
  }),
  ruleLike('AL012', 'impossible-travel', {
    speed: { value: 900, unit: 'km/h', means: 'the speed of a person' },
  }),
];

const BASE: AuditBase = { now: Date.parse('2026-11-21T00:00:00Z') };

const resolve = async (
  text = '',
  flags: Partial<RuleFlags> = {},
  base: AuditBase = BASE,
  folder = '/nowhere',
): Promise<AuditSettings> => {
  const config = await parseConfig(text, `${folder}/c.yaml`, 'c.yaml');
  return await settingsBy(config, { level: 'info', ...flags }, REGISTRY, base, folder);
};

const told = async (...given: Parameters<typeof resolve>): Promise<string> => {
  const error: unknown = await resolve(...given).catch((caught: unknown) => caught);
  if (!(error instanceof AuthlogError)) throw new Error('nothing was wrong');
  expect(error.exitCode).toBe(2);
  return `${error.message} | ${error.hint ?? ''}`;
};

/** The rules that run, with level and thresholds. */
const running = async (...given: Parameters<typeof resolve>): Promise<readonly string[]> =>
  (await resolve(...given)).rules.map(({ rule, level, thresholds }) =>
    [rule.id, level ?? '', ...Object.values(thresholds)].join(' ').replace(/ +/g, ' ').trim(),
  );

describe('which rules run', () => {
  test('all, as they come', async () => {
    expect(await running()).toEqual(['AL001', 'AL007 5 600', 'AL012 900']);
  });

  test('by the file, with its levels and thresholds, by id or name', async () => {
    const text =
      'rules:\n  al001: { enabled: false }\n  expired-use: { level: high, thresholds: { span: 10m, tries: 3 } }\n  AL012: { thresholds: { speed: 700.5 } }\n';
    expect(await running(text)).toEqual(['AL007 high 3 600', 'AL012 700.5']);
  });

  test('flags beat the file', async () => {
    const text = 'rules:\n  AL001: { enabled: false }\n  AL007: { thresholds: { span: 5m } }\n';
    expect(await running(text, { enable: ['alg-none', 'AL007'] })).toEqual([
      'AL001',
      'AL007 5 300',
    ]);
    expect(await running(text, { disable: ['AL012'] })).toEqual(['AL007 5 300']);
    expect(await running('', { enable: ['AL001', 'AL007'], disable: ['al007'] })).toEqual([
      'AL001',
    ]);
    const threshold = ['AL007.span=1h', 'expired-use.tries=9, AL012.speed=1e0'.replace('1e0', '1')];
    expect(await running(text, { threshold })).toEqual(['AL007 9 3600', 'AL012 1']);
  });

  test.each<[string, string, Partial<RuleFlags>]>([
    ['c.yaml:2: rules.AL999: there is no rule AL999 | ', 'rules:\n  AL999: {}', {}],
    [
      'there is no rule AL07 | Did you mean AL007? Known are AL001, AL007, AL012.',
      'rules: { AL07: {} }',
      {},
    ],
    [
      'c.yaml:3: rules.expired-use: AL007 is the same rule',
      'rules:\n  AL007: {}\n  expired-use: {}',
      {},
    ],
    [
      '--enable: there is no rule expired-us | Did you mean expired-use?',
      '',
      { enable: ['expired-us'] },
    ],
    ['--disable: there is no rule x | Known are AL001, AL007, AL012.', '', { disable: ['x'] }],
    ['no rule is left to run', '', { enable: ['AL001'], disable: ['AL001'] }],
    [
      'c.yaml:1: rules.AL007.thresholds.spam: AL007 has no threshold spam | Did you mean span? Known are tries, span.',
      'rules: { AL007: { thresholds: { spam: 1 } } }',
      {},
    ],
    ['AL001 has no threshold tokens | It has none.', '', { threshold: ['AL001.tokens=3'] }],
    ['--threshold AL007 sets nothing | Give RULE.NAME=VALUE', '', { threshold: ['AL007'] }],
    ['--threshold AL007.tries= sets nothing', '', { threshold: ['AL007.tries='] }],
    [
      'thresholds.tries must be a whole number from 1 on | It is tries of one token; default: 5.',
      'rules: { AL007: { thresholds: { tries: 0 } } }',
      {},
    ],
    ['tries must be a whole', 'rules: { AL007: { thresholds: { tries: 2.5 } } }', {}],
    ['tries must be a whole', 'rules: { AL007: { thresholds: { tries: 10m } } }', {}],
    ['tries must be a number', 'rules: { AL007: { thresholds: { tries: .inf } } }', {}],
    ['span must be a number of seconds', 'rules: { AL007: { thresholds: { span: soon } } }', {}],
    ['span must be a number of seconds', 'rules: { AL007: { thresholds: { span: -1 } } }', {}],
    ['AL007.span=x must be a number of seconds', '', { threshold: ['AL007.span=x'] }],
    ['speed must be a number above 0', 'rules: { AL012: { thresholds: { speed: 0 } } }', {}],
  ])('%s', async (message, text, flags) => {
    expect(await told(text, flags)).toContain(message);
  });
});

describe('the context', () => {
  test('is that of the file', async () => {
    const { context, trustedProxies, proxies } = await resolve(`
issuers: [us]
audiences: [api]
one_time: { types: [magic+jwt], paths: [/magic] }
trusted_proxies: [10.0.0.0/8]
known_networks: [192.0.2.0/24, "2001:db8::/32"]
admin_users: [ada, 7]
privileged_roles: [billing]
header_params: [jku]
`);
    expect(context).toMatchObject({
      issuers: ['us'],
      audiences: ['api'],
      oneTimeTypes: ['magic+jwt'],
      oneTimePaths: ['/magic'],
      adminUsers: new Set(['ada', '7']),
      privilegedRoles: new Set(['billing']),
      headerParams: new Set(['jku']),
      revoked: null,
      locate: null,
      now: BASE.now,
      leeway: 0,
    });
    expect(context.knownNetworks.has('2001:db8::1')).toBe(true);
    expect(context.knownNetworks.has('192.0.3.1')).toBe(false);
    expect([trustedProxies.has('10.1.2.3'), trustedProxies.has('11.1.2.3')]).toEqual([true, false]);
    expect(proxies).toEqual(['10.0.0.0/8']);
  });

  test('of flags beats it, but for users, who are added', async () => {
    const text =
      'issuers: [us]\naudiences: [api]\ntrusted_proxies: [10.0.0.0/8]\nadmin_users: [ada]\n';
    const flags = { adminUser: ['bob'], trustedProxy: ['192.0.2.1 192.0.2.2', '::1'] };
    const base = { ...BASE, leeway: 5, issuers: ['them'], audiences: null };
    const { context, trustedProxies, proxies } = await resolve(text, flags, base);
    expect(context).toMatchObject({ issuers: ['them'], audiences: ['api'], leeway: 5 });
    expect(context.adminUsers).toEqual(new Set(['ada', 'bob']));
    expect(context.privilegedRoles).toEqual(new Set(PRIVILEGED_ROLES));
    expect(proxies).toEqual(['192.0.2.1', '192.0.2.2', '::1']);
    expect([trustedProxies.has('192.0.2.2'), trustedProxies.has('10.1.2.3')]).toEqual([
      true,
      false,
    ]);
  });

  test('lateness and learning: flag, file, a minute and nothing', async () => {
    const spans = async (...given: Parameters<typeof resolve>): Promise<unknown> => {
      const { lateness, learn } = await resolve(...given);
      return [lateness, learn];
    };
    const text = 'lateness: 2m\nlearn: 14d\n';
    expect(await spans()).toEqual([60_000, null]);
    expect(await spans(text)).toEqual([120_000, 14 * 86_400_000]);
    expect(await spans('lateness: 30')).toEqual([30_000, null]);
    expect(await spans(text, { lateness: '0', learn: '1d' })).toEqual([0, 86_400_000]);
  });

  test.each([
    [
      'c.yaml:2: known_networks[1]: 10.0.0.0/33 is no',
      'known_networks: [10.0.0.0/8,\n 10.0.0.0/33]',
    ],
    ['c.yaml:1: trusted_proxies[0]: proxy.example is no', 'trusted_proxies: [proxy.example]'],
    [
      'c.yaml:3: suppress[0].ip: ten is no address or network',
      'suppress:\n  - rule: AL001\n    ip: ten\n    reason: r\n    until: 2027-01-01',
    ],
    [
      'c.yaml:2: suppress[0].rule: there is no rule AL099',
      'suppress:\n  - { rule: AL099, reason: r, until: 2027-01-01 }',
    ],
    [
      'c.yaml:2: suppress[0].until is no day or time that there is',
      'suppress:\n  - { rule: AL001, reason: r, until: 2026-02-30 }',
    ],
    ['until is no day', 'suppress: [{ rule: AL001, reason: r, until: "2026-01-01T25:00:00Z" }]'],
    [
      'c.yaml:1: change_windows[0].to must be after from',
      'change_windows: [{ from: 2026-01-02, to: 2026-01-01 }]',
    ],
    ['cannot read list: ENOENT', 'revocations: list'],
    ['cannot read geo.mmdb: ENOENT', 'geoip: geo.mmdb'],
  ])('%s', async (message, text) => {
    expect(await told(text)).toContain(message);
  });

  test('of networks of a flag names the flag', async () => {
    expect(await told('', { trustedProxy: ['x'] })).toContain('--trusted-proxy: x is no address');
  });
});

describe('dates', () => {
  const until = async (text: string): Promise<string> => {
    const { selection } = await resolve(
      `suppress: [{ rule: alg-none, reason: r, until: "${text}" }]`,
    );
    expect(selection.suppressions[0]?.rule).toBe('AL001');
    return new Date(selection.suppressions[0]!.until).toISOString();
  };

  test('a suppression holds through its last day, or up to its moment', async () => {
    expect(await until('2026-12-31')).toBe('2027-01-01T00:00:00.000Z');
    expect(await until('2028-02-29')).toBe('2028-03-01T00:00:00.000Z');
    expect(await until('2026-12-31T18:00:00+01:00')).toBe('2026-12-31T17:00:00.000Z');
  });

  test('a change window goes from the start of its first to the end of its last day', async () => {
    const { context } = await resolve(
      'change_windows: [{ from: 2026-11-01, to: 2026-11-01 }, { from: "2026-11-02T10:00:00Z", to: "2026-11-02T10:00:01Z" }]',
    );
    expect(context.changeWindows).toEqual([
      { from: Date.parse('2026-11-01T00:00:00Z'), to: Date.parse('2026-11-02T00:00:00Z') },
      { from: Date.parse('2026-11-02T10:00:00Z'), to: Date.parse('2026-11-02T10:00:01Z') },
    ]);
  });
});

describe('named files', () => {
  test('are opened: revocations, GeoIP, baselines', async () => {
    const folder = tempFolder();
    const put = (name: string, content: string | Uint8Array): void =>
      writeFileSync(join(folder, name), content);
    put('revoked.jsonl', '{"jti":"a","revoked_at":1000}\n{"token_id":"token-aaaaaaaaaa"}\n');
    const record = { location: { latitude: 1, longitude: 2 } };
    put('city.mmdb', mmdb('GeoLite2-City', [{ network: '192.0.2.0/24', record }]));
    put('old.ndjson', '{"id":"a","level":"low","last_seen":null}\n');
    put('older.ndjson', '{"id":"b","level":"high","last_seen":null}\n');
    const settings = await resolve(
      'revocations: revoked.jsonl\ngeoip: city.mmdb\n',
      { baseline: ['old.ndjson', 'older.ndjson'], wordlist: ['words'] },
      BASE,
      folder,
    );
    const { context, selection, notices, wordlists } = settings;
    const token = { id: 'x', jti: 'a', iss: null, userId: null, iat: Number.NaN };
    expect(context.revoked?.since(token)).toBe(1_000_000);
    expect(context.locate?.('192.0.2.9')).toMatchObject({ latitude: 1 });
    expect([...(selection.baseline ?? [])].map(([id]) => id)).toEqual(['a', 'b']);
    expect(wordlists).toEqual([join(folder, 'words')]);
    expect(notices).toEqual([]);
  });

  test('a GeoIP file without coordinates can not be used, and that is said', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'c.mmdb'), mmdb('GeoLite2-Country', []));
    const { context, notices } = await resolve('geoip: c.mmdb', {}, BASE, folder);
    expect(context.locate).toBeNull();
    expect(notices).toEqual([
      {
        code: 'geoip_no_places',
        message: 'c.mmdb (GeoLite2-Country) knows countries only: AL012 needs City data',
        count: 1,
      },
    ]);
  });
});
