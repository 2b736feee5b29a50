import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { RULES } from '../../../src/audit/rules/index.ts';
import { auditSarif } from '../../../src/report/audit/sarif.ts';
import { uriOf } from '../../../src/report/audit/sarif-location.ts';
import { NAUGHTY } from '../naughty.ts';
import { checkSarif } from './published.ts';
import {
  broken,
  busy,
  crowded,
  finding,
  OPTIONS,
  place,
  poisoned,
  quiet,
  report,
} from './reports.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations?: readonly Location[];
  readonly relatedLocations?: readonly Location[];
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: Readonly<Record<string, number>>;
  };
}

interface Run {
  readonly tool: {
    readonly driver: { readonly rules: readonly Readonly<Record<string, unknown>>[] };
  };
  readonly results: readonly Result[];
  readonly invocations: readonly Readonly<Record<string, unknown>>[];
}

const sarif = (audit: AuditReport, some: Partial<typeof OPTIONS> = {}): string =>
  [...auditSarif(audit, { ...OPTIONS, ...some })].join('');

const runOf = (audit: AuditReport, some: Partial<typeof OPTIONS> = {}): Run =>
  (JSON.parse(sarif(audit, some)) as { runs: readonly [Run] }).runs[0];

describe('SARIF', () => {
  test.each(Object.entries({ busy, quiet, broken, crowded }))(
    'is what the published schema asks for: %s',
    (_name, audit) => {
      expect(checkSarif(JSON.parse(sarif(audit)))).toEqual([]);
      expect(checkSarif(JSON.parse(sarif(audit, { rules: RULES })))).toEqual([]);
    },
  );

  test('hostile text changes nothing of that, and acts on no terminal', () => {
    for (const text of NAUGHTY) {
      const log = sarif(poisoned(text));
      expect(checkSarif(JSON.parse(log)), JSON.stringify(text)).toEqual([]);
      expect(log).not.toMatch(/(?!\n)[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      expect(runOf(poisoned(text)).results[0]?.properties).toMatchObject({
        user_id: text,
        ip: text,
      });
    }
  });

  test('the schema in use refuses what is wrong', () => {
    const log = JSON.parse(sarif(busy)) as { runs: [{ results: [object] }] };
    log.runs[0].results[0] = { ...log.runs[0].results[0], level: 'fatal' };
    expect(checkSarif(log)).not.toEqual([]);
  });

  test('a result says what, where and how bad', () => {
    const { results, tool } = runOf(busy);
    expect(results[0]).toEqual({
      ruleId: 'AL001',
      ruleIndex: 0,
      level: 'error',
      message: {
        text: 'a token with alg nOnE was answered with 200 (claims to be admin, not verified, from 203.0.113.7)',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'logs/auth.log' },
            region: { startLine: 23, byteOffset: 2300 },
          },
          properties: {
            token_id: 'Ab3-_fGh12KlMnOp',
            time: '2026-11-20T22:41:00.250Z',
            offset: 2300,
          },
        },
      ],
      occurrenceCount: 1,
      partialFingerprints: { 'authlogFinding/v1': 'AL001-critical0000' },
      properties: {
        'security-severity': '9.5',
        level: 'critical',
        user_id: null,
        claimed_user_id: 'admin',
        ip: '203.0.113.7',
        first_seen: '2026-11-20T22:41:00.250Z',
        last_seen: '2026-11-20T22:41:00.250Z',
        why: 'a token with alg nOnE was answered with 200',
        attack: ['T1606', 'T1190'],
      },
    });
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex]).toMatchObject({ id: ruleId });
    }
    expect(results.map(({ level }) => level)).toEqual(['error', 'error', 'error', 'warning']);
    expect(results[1]?.relatedLocations).toHaveLength(9);
  });

  test('a rule comes with its help, and with the worst level that it reached', () => {
    const { rules } = runOf(busy).tool.driver;
    expect(rules[0]).toMatchObject({
      id: 'AL001',
      name: 'AlgNone',
      defaultConfiguration: { level: 'error' },
      properties: {
        tags: ['security', 'external/attack/T1606', 'external/attack/T1190'],
        'security-severity': '9.5',
      },
    });
    expect(JSON.stringify(rules[0])).toContain('**What to do:** Pin the accepted algorithms');
    expect(rules.map(({ id }) => id)).toEqual(['AL001', 'AL009', 'AL014']);
    const unknown = runOf(report([finding({ rule: 'AL099' })])).tool.driver.rules;
    expect(unknown.map(({ id }) => id)).toEqual(['AL001', 'AL009', 'AL014', 'AL099']);
  });

  test('the invocation says how the run ended, what was not read and which rules were idle', () => {
    expect(runOf(quiet).invocations).toEqual([
      {
        executionSuccessful: true,
        exitCode: 0,
        toolExecutionNotifications: [],
        toolConfigurationNotifications: [
          {
            level: 'note',
            descriptor: { id: 'rule_idle' },
            message: { text: 'AL009 did not run: it lacks the context that it needs' },
            associatedRule: { id: 'AL009', index: 1 },
          },
        ],
      },
    ]);
    const [invocation] = runOf(broken, { exitCode: 3 }).invocations;
    expect(invocation).toMatchObject({
      executionSuccessful: false,
      exitCode: 3,
      toolExecutionNotifications: [
        {
          level: 'error',
          descriptor: { id: 'incomplete/truncated' },
          message: { text: 'old logs/b.gz (truncated): it ends in the middle' },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'old%20logs/b.gz' } } }],
        },
        { level: 'warning', descriptor: { id: 'late_events' }, properties: { count: 7 } },
      ],
    });
  });

  test('brackets of a log make no link, and braces no placeholder', () => {
    const why = '[click](javascript:alert(1)) {0} {x}';
    const [result] = runOf(report([finding({ why })])).results;
    expect(result?.message.text).toContain(String.raw`\[click\](javascript:alert(1)) {{0}} {x}`);
    expect(result?.properties['why']).toBe(why);
  });

  test('has no time of its own', () => {
    const times = sarif(quiet).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g);
    expect(times).toEqual(['2026-11-21T00:00:00.000Z']);
    expect(sarif(busy)).toBe(sarif(busy));
  });
});

describe('places', () => {
  test.each([
    ['logs/auth.log', 'logs/auth.log'],
    ['/var/log/a b.log', 'file:///var/log/a%20b.log'],
    ['//server/share', 'file:///server/share'],
    ['../x/100%.log', '../x/100%25.log'],
    ['a:b/c?d#e', 'a%3Ab/c%3Fd%23e'],
    ['logs\\é.log', 'logs/%C3%A9.log'],
    ['C:\\logs\\a.log', 'file:///C:/logs/a.log'],
    ['\uD800', '%EF%BF%BD'],
    ["it's (1)!.log", 'it%27s%20%281%29%21.log'],
    ['-', '-'],
  ])('%j is %s', (path, uri) => {
    expect(uriOf(path)).toBe(uri);
  });

  test('of a compressed file have no offset in it, of an unknown file are none', () => {
    const evidence = [place(3, { file: 'a.log.gz' }), place(4, { file: null })];
    const [result] = runOf(report([finding({ evidence })])).results;
    expect(result?.locations?.[0]?.physicalLocation.region).toEqual({ startLine: 3 });
    expect(result?.relatedLocations).toBeUndefined();
  });
});
