import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { auditDigest } from '../../../src/report/audit/digest.ts';
import { NAUGHTY } from '../naughty.ts';
import { broken, busy, crowded, OPTIONS, poisoned, quiet, report } from './reports.ts';

const digest = (audit: AuditReport): string => [...auditDigest(audit, OPTIONS)].join('');

describe('a mail', () => {
  test('counts first and tells after', () => {
    const text = digest(busy);
    expect(text.slice(0, text.indexOf('HIGH')))
      .toBe(`authlog audit, 2026-11-21 00:00 UTC: 1 critical, 2 high, 1 medium
2 rules ran over 24,105 events of logs/auth.log
Without the context that they need, these did not run: AL009

Summary

       1   25.0%  critical
       2   50.0%  high
       1   25.0%  medium
       4  100.0%  findings

       3   75.0%  AL001  Token asks for no signature
       1   25.0%  AL014  Many tokens from one address

Detail

CRITICAL

 AL001  Token asks for no signature
 do     Pin the accepted algorithms in the server, and treat what was answered
        with 2xx as done by an intruder.

 why    a token with alg nOnE was answered with 200
 who    claims to be admin, not verified, from 203.0.113.7
 when   2026-11-20 22:41 UTC, once
 where  logs/auth.log:23

`);
    expect(text).toMatch(/\n\nWhy a line was judged so: authlog explain logs\/auth\.log:23\n$/);
  });

  test('is not sent when there is nothing to tell', () => {
    expect(digest(quiet)).toBe('');
  });

  test.each<[string, Partial<AuditReport>, string]>([
    ['input was left unread', { incomplete: broken.incomplete }, '! INCOMPLETE: 1 input was'],
    ['nobody checked a signature', { verification: broken.verification }, '! NOT VERIFIED'],
    ['a rule may have missed something', { notices: broken.notices }, '! 7 events came later'],
    [
      'there was nothing to audit',
      { totals: { ...quiet.totals, events: 0 } },
      '! Nothing was audited',
    ],
  ])('is sent when %s', (_name, some, sentence) => {
    const text = digest(report([], some));
    expect(text).toContain('UTC: no findings\n');
    expect(text).toContain(`\n${sentence}`);
    expect(text).not.toContain('Summary');
  });

  test('is not sent for a remark alone', () => {
    expect(
      digest(report([], { notices: [{ code: 'secret_newline', message: 'x', count: 1 }] })),
    ).toBe('');
  });

  test('tells ten of each kind and counts the others', () => {
    const text = digest(crowded);
    expect(text.match(/^ why /gm)).toHaveLength(150);
    expect(text).toContain('\n        and 57 more\n');
    expect(text).toContain('   1,000  100.0%  findings\n');
  });

  test('is ASCII of at most 78 columns, whatever the log holds', () => {
    for (const audit of [busy, broken, crowded, ...NAUGHTY.map(poisoned)]) {
      const text = digest(audit);
      expect(text).toMatch(/^[\n -~]+$/);
      expect(text.split('\n').filter((line) => line.length > 78)).toEqual([]);
    }
    expect(digest(poisoned('Zoë 田中'))).toContain(String.raw`user Zo\xEB \u{7530}\u{4E2D}`);
  });
});
