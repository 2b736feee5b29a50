import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { replay } from '../../../src/audit/examples.ts';
import { LEVELS } from '../../../src/audit/level.ts';
import { RULES } from '../../../src/audit/rules/index.ts';
import { auditJson, auditNdjson } from '../../../src/report/audit/json.ts';
import { NAUGHTY } from '../naughty.ts';
import {
  broken,
  busy,
  crowded,
  finding,
  parsed,
  place,
  poisoned,
  quiet,
  report,
} from './reports.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/authlog.findings-1.json', import.meta.url), 'utf8'),
) as { readonly $defs: Record<string, { properties?: Record<string, { enum?: unknown }> }> };
const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
const check = ajv.compile(schema);

const json = (audit: AuditReport): string => [...auditJson(audit)].join('');
const REPORTS = { busy, quiet, broken, crowded };
const RAW_CONTROL = /(?!\n)[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

describe('json', () => {
  test.each(Object.entries(REPORTS))('is the report: %s', (_name, audit) => {
    expect(JSON.parse(json(audit))).toEqual(audit);
    expect(json(audit)).toMatch(/^\{\n {2}"schema": "authlog\.findings\/1",\n[^]*\n\}\n$/);
  });

  test('has the members in this order', () => {
    const names = Object.keys(JSON.parse(json(busy)) as object);
    expect(names.join(' ')).toBe(
      'schema now verification inputs findings totals rules notices incomplete',
    );
    const turned = Object.fromEntries(Object.entries(busy).toReversed()) as unknown as AuditReport;
    expect(json(turned)).toBe(json(busy));
  });

  test('hostile text comes back exactly and acts on no terminal', () => {
    for (const text of NAUGHTY) {
      expect(JSON.parse(json(poisoned(text)))).toEqual(poisoned(text));
      expect(json(poisoned(text))).not.toMatch(RAW_CONTROL);
    }
  });

  test('ndjson is one finding a line and nothing else', () => {
    for (const audit of [...Object.values(REPORTS), ...NAUGHTY.map(poisoned)]) {
      const text = [...auditNdjson(audit)].join('');
      expect(parsed(text)).toEqual(audit.findings);
      expect(text.split('\n')).toHaveLength(audit.findings.length + 1);
      expect(text).not.toMatch(RAW_CONTROL);
    }
  });
});

describe('authlog.findings-1.json', () => {
  test.each(Object.entries({ ...REPORTS, hostile: poisoned(NAUGHTY.join('')) }))(
    'describes %s',
    (_name, audit) => {
      check(JSON.parse(json(audit)));
      expect(check.errors).toBeNull();
    },
  );

  test('describes what the rules find in their own examples', () => {
    for (const rule of RULES) {
      // The tokens of examples have short names.
      const findings = rule.hits
        .flatMap((hit) => replay(rule, hit).findings)
        .map((one) => ({ ...one, evidence: one.evidence.map(() => place(1)) }));
      check(JSON.parse(json(report(findings))));
      expect(check.errors, rule.id).toBeNull();
    }
  });

  test.each(Object.keys(busy))('asks for %s', (name) => {
    const { [name]: _left, ...rest } = JSON.parse(json(busy)) as Record<string, unknown>;
    expect(check(rest)).toBe(false);
  });

  test.each(Object.keys(finding()))('asks for %s of a finding', (name) => {
    const { [name]: _left, ...rest } = finding() as unknown as Record<string, unknown>;
    expect(check({ ...busy, findings: [rest] })).toBe(false);
  });

  test.each<[string, object]>([
    ['an unknown level', { findings: [{ ...finding(), level: 'fatal' }] }],
    [
      'a token in place of its id',
      { findings: [finding({ evidence: [place(1, { token_id: 'eyJhbGciOiJIUzI1NiJ9.e30.x' })] })] },
    ],
    ['a line zero', { findings: [finding({ evidence: [place(0)] })] }],
    [
      'eleven places',
      { findings: [finding({ evidence: Array.from({ length: 11 }, () => place(1)) })] },
    ],
    ['a finding of nothing', { findings: [finding({ count: 0 })] }],
    ['a local time', { now: '2026-11-21T00:00:00+01:00' }],
    ['an empty list of incomplete inputs', { incomplete: [] }],
    ['another schema', { schema: 'authlog.findings/2' }],
  ])('refuses %s', (_name, change) => {
    expect(check({ ...busy, ...change })).toBe(false);
  });

  test('names every level', () => {
    const named = schema.$defs['finding']?.properties?.['level']?.enum;
    expect(named).toEqual(LEVELS.toReversed());
  });
});
