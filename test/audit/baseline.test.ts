import { describe, expect, test } from 'vitest';
import { compareWith, mergeBaselines, readBaseline } from '../../src/audit/baseline.ts';
import { selectFindings } from '../../src/audit/select.ts';
import { finding, suppression } from './making.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const baselineOf = (text: string) => mergeBaselines(readBaseline(text, 'last.json'));
const reportOf = (...findings: readonly object[]): string =>
  JSON.stringify({ schema: 'authlog.findings/1', findings }, null, 2);
const linesOf = (...findings: readonly object[]): string =>
  findings.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('a finding of the baseline', () => {
  const baseline = baselineOf(reportOf(finding()));

  test('is hidden and counted; a new one is shown', () => {
    const fresh = finding({ id: 'AL007-bbbbbbbbbbbb' });
    expect(compareWith([finding(), fresh], baseline)).toEqual({
      findings: [fresh],
      known: 1,
      notices: [],
    });
  });

  test('is shown where its level rose, hidden where it fell', () => {
    const worse = finding({ level: 'high' });
    expect(compareWith([worse], baseline)).toEqual({
      findings: [worse],
      known: 0,
      notices: [
        {
          code: 'baseline_worse',
          message: '1 finding of the baseline got worse since: shown',
          count: 1,
        },
      ],
    });
    expect(compareWith([finding({ level: 'low' })], baseline).known).toBe(1);
  });

  test('stays hidden where it only went on, and a notice says so; times compare as times', () => {
    const codes = (last_seen: string | null): readonly string[] => {
      const { known, notices } = compareWith([finding({ last_seen })], baseline);
      expect(known).toBe(1);
      return notices.map(({ code }) => code);
    };
    expect(codes('2026-11-02T12:05:00.250Z')).toEqual(['baseline_lasting']);
    expect(codes('2026-11-02T12:04:59Z')).toEqual([]);
    expect(codes(null)).toEqual([]);
  });
});

describe('a baseline', () => {
  test('is a document or lines, and of two reports the worst and the last counts', () => {
    const one = finding({ level: 'low', last_seen: '2026-11-02T12:00:00.5Z' });
    const other = finding({ level: 'high', last_seen: '2026-11-02T12:00:00Z' });
    const merged = new Map([
      [one.id, { level: 'high' as const, last_seen: '2026-11-02T12:00:00.5Z' }],
    ]);
    expect(baselineOf(linesOf(one, other))).toEqual(merged);
    expect(baselineOf(linesOf(other, one))).toEqual(merged);
    expect(baselineOf(reportOf(one, other))).toEqual(merged);
    expect(baselineOf(linesOf(one)).size).toBe(1);
    expect(baselineOf('').size).toBe(0);
  });

  test.each([
    ['another document', '{"schema":"authlog.summary/1","users":[]}', 'last.json is no report'],
    ['a document without findings', '{"schema":"authlog.findings/1"}', 'last.json is no report'],
    ['text', 'hello', 'last.json:1: is no finding'],
    ['a finding without a level', linesOf(finding(), { id: 'x' }), 'last.json:2: is no finding'],
    ['a finding of another level', linesOf(finding({ level: 'bad' as 'low' })), 'no finding'],
    ['a finding at no time', linesOf(finding({ last_seen: 'once' })), 'no finding'],
    ['a list', '[1]', 'last.json:1: is no finding'],
  ])('is not %s', (_says, text, message) => {
    expect(() => baselineOf(text)).toThrow(message);
  });
});

test('suppressions come before the baseline, and the level last', () => {
  const hidden = finding({ id: 'hidden', rule: 'AL010' });
  const minor = finding({ id: 'minor', level: 'low' });
  const shown = finding({ id: 'shown', level: 'medium' });
  const selected = selectFindings([shown, finding(), hidden, minor], {
    suppressions: [suppression({ rule: 'AL010' })],
    baseline: baselineOf(linesOf(finding(), hidden)),
    level: 'medium',
    now: NOW,
  });
  expect(selected).toEqual({ findings: [shown], suppressed: 1, known: 1, notices: [] });
  const none = { suppressions: [], baseline: null, level: 'info', now: NOW } as const;
  expect(selectFindings([minor, shown], none).findings).toEqual([minor, shown]);
});
