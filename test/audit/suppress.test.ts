import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/audit/finding.ts';
import { suppress, type Suppression } from '../../src/audit/suppress.ts';
import { evidenceOf, finding, suppression } from './making.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');

const hides = (one: Suppression, what: Finding, now = NOW): boolean =>
  suppress([what], [one], now).suppressed === 1;

describe('a suppression hides', () => {
  test.each<[string, Parameters<typeof suppression>[0], Partial<Finding>, boolean]>([
    ['its rule', { rule: 'AL007' }, {}, true],
    ['no other rule', { rule: 'AL008' }, {}, false],
    ['its user', { userId: '12345' }, {}, true],
    ['not the number where it says a text', { userId: 12_345 }, {}, false],
    ['nobody where it names a user', { userId: '12345' }, { user_id: null }, false],
    [
      'not whom a forged token claims to be',
      { userId: '12345' },
      { user_id: null, claimed_user_id: '12345' },
      false,
    ],
    ['its address', { ip: '192.0.2.10' }, {}, true],
    ['its network', { ip: '192.0.2.0/24' }, {}, true],
    ['no address beside its network', { ip: '192.0.2.0/29' }, {}, false],
    ['no finding of several addresses', { ip: '0.0.0.0/0' }, { ip: null }, false],
    ['its finding', { finding: 'AL007-aaaaaaaaaaaa' }, {}, true],
    ['no other finding', { finding: 'AL007-bbbbbbbbbbbb' }, {}, false],
    ['its token', { tokenId: 'token-aaaaaaaaaa' }, {}, true],
    [
      'no finding of two tokens',
      { tokenId: 'token-aaaaaaaaaa' },
      { evidence: evidenceOf('token-aaaaaaaaaa', 'token-bbbbbbbbbb') },
      false,
    ],
    ['no finding without evidence', { tokenId: 'token-aaaaaaaaaa' }, { evidence: [] }, false],
    [
      'nine pieces of evidence of its token',
      { tokenId: 'a' },
      { evidence: evidenceOf(...Array.from({ length: 9 }, () => 'a')) },
      true,
    ],
    [
      'no finding that has more evidence than it shows',
      { tokenId: 'a' },
      { evidence: evidenceOf(...Array.from({ length: 10 }, () => 'a')) },
      false,
    ],
    ['only where all holds', { rule: 'AL007', ip: '198.51.100.1' }, {}, false],
  ])('%s', (_says, more, of, expected) => {
    expect(hides(suppression(more), finding(of))).toBe(expected);
  });

  test('up to its end, and not from then on', () => {
    const one = suppression({ rule: 'AL007' });
    expect(hides(one, finding(), one.until - 1)).toBe(true);
    expect(hides(one, finding(), one.until)).toBe(false);
  });
});

describe('notices', () => {
  test('say that a suppression ended, and what is shown again', () => {
    const one = suppression({ rule: 'AL007', until: NOW });
    const { notices } = suppress([finding(), finding({ id: 'b' })], [one], NOW);
    expect(notices).toEqual([
      {
        code: 'suppression_ended',
        message:
          'authlog.config.yaml:3: suppress[0] ended at 2026-11-21T00:00:00Z (a load test), so that 2 findings are shown again',
        count: 2,
      },
    ]);
    expect(suppress([], [one], NOW).notices[0]?.message).toMatch(/\(a load test\)$/);
  });

  test('say that a suppression hides nothing, but not of one whose work another does too', () => {
    const one = suppression({ rule: 'AL007' });
    const other = suppression({ userId: '12345' });
    const idle = suppression({ rule: 'AL001' });
    const { notices, suppressed } = suppress([finding()], [one, other, idle], NOW);
    expect(suppressed).toBe(1);
    expect(notices.map(({ code }) => code)).toEqual(['suppression_unused']);
  });
});

const word = fc.constantFrom('a', 'b', 'c');
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some);
const address = fc.constantFrom('192.0.2.1', '192.0.2.200', '198.51.100.7', '2001:db8::1');
const anyFinding = fc
  .record({
    id: word,
    rule: fc.constantFrom('AL001', 'AL007'),
    user_id: maybe(fc.constantFrom<string | number>('1', 1, 'ada')),
    claimed_user_id: maybe(fc.constantFrom<string | number>('1', 1, 'ada')),
    ip: maybe(address),
    tokens: fc.array(maybe(word), { maxLength: 10 }),
  })
  .map(({ tokens, ...rest }) => finding({ ...rest, evidence: evidenceOf(...tokens) }));
const anySuppression = fc
  .record({
    rule: maybe(fc.constantFrom('AL001', 'AL007')),
    userId: maybe(fc.constantFrom<string | number>('1', 1, 'ada')),
    ip: fc.option(fc.constantFrom('192.0.2.0/25', '192.0.2.1', '2001:db8::/32'), {
      nil: undefined,
    }),
    tokenId: maybe(word),
    finding: maybe(word),
    until: fc.constantFrom(NOW - 1, NOW, NOW + 1),
  })
  .map(({ ip, ...rest }) => ({
    ip,
    one: suppression({ ...rest, ...(ip !== undefined && { ip }) }),
  }));

/** Written apart from the code: whether an address is in one of the networks above. */
const IN: Readonly<Record<string, readonly string[]>> = {
  '192.0.2.0/25': ['192.0.2.1'],
  '192.0.2.1': ['192.0.2.1'],
  '2001:db8::/32': ['2001:db8::1'],
};

test('what is hidden was named by a suppression that had not ended, and nothing else is missing', () => {
  fc.assert(
    fc.property(fc.array(anyFinding), fc.array(anySuppression), (findings, given) => {
      const result = suppress(
        findings,
        given.map(({ one }) => one),
        NOW,
      );
      const isNamed = (what: Finding): boolean =>
        given.some(({ ip, one }) => {
          if (one.until <= NOW) return false;
          if (one.rule !== null && one.rule !== what.rule) return false;
          if (one.finding !== null && one.finding !== what.id) return false;
          if (one.userId !== null && one.userId !== what.user_id) return false;
          if (ip !== undefined && !IN[ip]!.includes(what.ip ?? '')) return false;
          if (one.tokenId === null) return true;
          const tokens = new Set(what.evidence.map(({ token_id }) => token_id));
          return tokens.size === 1 && tokens.has(one.tokenId) && what.evidence.length < 10;
        });
      expect(result.findings).toEqual(findings.filter((what) => !isNamed(what)));
      expect(result.suppressed + result.findings.length).toBe(findings.length);
    }),
    { numRuns: 2000 },
  );
});
