import { describe, expect, test } from 'vitest';
import { AUDIT_FORMATS } from '../../../src/report/audit/reporter.ts';
import { auditReporters } from '../../../src/report/audit/reporters.ts';
import { claims, mint } from '../../support/tokens.ts';
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

describe.each(AUDIT_FORMATS)('%s', (format) => {
  test('prints every report, always the same, with a newline at the end', async () => {
    const print = await auditReporters[format]();
    for (const audit of [busy, broken, crowded, quiet]) {
      const text = [...print(audit, OPTIONS)].join('');
      if (audit !== quiet) expect(text).not.toBe('');
      expect(text).toMatch(/^$|\n$/);
      expect([...print(structuredClone(audit), OPTIONS)].join('')).toBe(text);
    }
  });

  test('holds no usable token, wherever one stands', async () => {
    const print = await auditReporters[format]();
    const token = mint(claims({ user_id: 1 }));
    const signature = token.split('.')[2]!;
    const text = [...print(poisoned(`/a?token=${token}&b`), { ...OPTIONS, width: 2000 })].join('');
    expect(text).not.toContain(signature);
    expect(text).not.toContain(signature.slice(0, 20));
    if (format !== 'digest') expect(text).toContain('signature removed');
  });

  test('a thousand findings take less than a second', async () => {
    const print = await auditReporters[format]();
    const started = performance.now();
    expect([...print(crowded, OPTIONS)].join('').length).toBeGreaterThan(1000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test('a report is printed in pieces', async () => {
  const print = await auditReporters.json();
  expect([...print(crowded, OPTIONS)].length).toBeGreaterThan(3);
  const one = report([finding({ evidence: [place(1)] })]);
  expect([...print(one, OPTIONS)]).toHaveLength(1);
});
