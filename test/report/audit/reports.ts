import type { AuditReport } from '../../../src/audit/audit-report.ts';
import type { Evidence, Finding } from '../../../src/audit/finding.ts';
import { inOrder } from '../../../src/audit/findings.ts';
import { LEVELS } from '../../../src/audit/level.ts';
import type { AuditOptions, RuleTexts } from '../../../src/report/audit/reporter.ts';
import { createTheme } from '../../../src/report/theme.ts';

export const RULE_TEXTS: readonly RuleTexts[] = [
  {
    id: 'AL001',
    name: 'alg-none',
    title: 'Token asks for no signature',
    level: 'high',
    attack: ['T1606', 'T1190'],
    condition: 'The header says alg none.',
    meaning: 'Somebody tries whether the server takes tokens without a signature.',
    action:
      'Pin the accepted algorithms in the server, and treat what was answered with 2xx as done by an intruder.',
    falsePositives: ['Security tests of your own.'],
  },
  {
    id: 'AL009',
    name: 'revoked-used',
    title: 'Revoked token was used',
    level: 'critical',
    attack: ['T1550.001'],
    condition: 'A token was used after it had been revoked.',
    meaning: 'The server does not look at revocations.',
    action: 'Check revocations.',
    falsePositives: ['Clocks that differ.'],
  },
  {
    id: 'AL014',
    name: 'many-tokens',
    title: 'Many tokens from one address',
    level: 'medium',
    attack: [],
    condition: 'More than 20 users from one address within 10 minutes.',
    meaning: 'A proxy, or somebody with a list of tokens.',
    action: 'Look who is behind the address.',
    falsePositives: ['An office behind one address.', 'A load test.'],
  },
];

export const place = (line: number, more: Partial<Evidence> = {}): Evidence => ({
  file: 'logs/auth.log',
  line,
  offset: line * 100,
  token_id: 'Ab3-_fGh12KlMnOp',
  time: '2026-11-20T22:41:00.250Z',
  ...more,
});

export const finding = (some: Partial<Finding> = {}): Finding => ({
  id: 'AL001-abcdefghijkl',
  rule: 'AL001',
  level: 'high',
  title: 'Token asks for no signature',
  user_id: null,
  claimed_user_id: 'admin',
  ip: '203.0.113.7',
  count: 3,
  first_seen: '2026-11-20T22:41:00.250Z',
  last_seen: '2026-11-20T23:02:00.000Z',
  why: 'a token with alg none was answered with 401',
  attack: ['T1606', 'T1190'],
  evidence: [place(17), place(19), place(17)],
  ...some,
});

export const report = (
  findings: readonly Finding[],
  some: Partial<AuditReport> = {},
): AuditReport => {
  const sorted = findings.toSorted(inOrder);
  const counts = LEVELS.map((level) => [level, sorted.filter((f) => f.level === level).length]);
  return {
    schema: 'authlog.findings/1',
    now: '2026-11-21T00:00:00.000Z',
    verification: { mode: 'verified', verified_by: 'authlog' },
    inputs: [{ path: 'logs/auth.log', bytes: 8_000_000, lines: 48_210 }],
    findings: sorted,
    totals: {
      events: 24_105,
      findings: sorted.length,
      levels: Object.fromEntries(counts) as AuditReport['totals']['levels'],
      suppressed: 0,
      known: 0,
    },
    rules: { ran: ['AL001', 'AL014'], idle: ['AL009'] },
    notices: [],
    incomplete: null,
    ...some,
  };
};

export const busy: AuditReport = report([
  finding({
    level: 'critical',
    id: 'AL001-critical0000',
    why: 'a token with alg nOnE was answered with 200',
    count: 1,
    last_seen: '2026-11-20T22:41:00.250Z',
    evidence: [place(23)],
  }),
  finding(),
  finding({
    id: 'AL001-secondsecond',
    claimed_user_id: null,
    ip: null,
    count: 1204,
    first_seen: null,
    last_seen: null,
    evidence: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((line) => place(line)),
  }),
  finding({
    id: 'AL014-abcdefghijkl',
    rule: 'AL014',
    level: 'medium',
    title: 'Many tokens from one address',
    user_id: 12345,
    claimed_user_id: null,
    why: '31 users from 203.0.113.7 within 10 minutes',
    attack: ['T1550.001'],
    evidence: [place(40, { file: null, line: null, offset: null }), place(41, { line: null })],
  }),
]);

export const quiet: AuditReport = report([]);

export const broken: AuditReport = report([finding()], {
  verification: { mode: 'none', verified_by: null },
  incomplete: [{ path: 'old logs/b.gz', reason: 'truncated', detail: 'it ends in the middle' }],
  notices: [
    { code: 'late_events', message: '7 events came later than --lateness allows', count: 7 },
  ],
});

/** A report of 1,000 findings of three rules. */
export const crowded: AuditReport = report(
  Array.from({ length: 1000 }, (_one, at) => {
    const { id, title, attack } = RULE_TEXTS[at % 3]!;
    return finding({
      id: `${id}-${String(at).padStart(12, '0')}`,
      rule: id,
      title,
      attack,
      level: LEVELS[at % 5]!,
      user_id: at,
      evidence: [place(at + 1)],
    });
  }),
);

/** One text in every place that a log, a claim or a file name can fill. */
export const poisoned = (text: string): AuditReport =>
  report(
    [
      finding({
        user_id: text,
        claimed_user_id: text,
        ip: text,
        why: `somebody called ${text} did this`,
        evidence: [place(17, { file: text }), place(18, { file: text, line: null })],
      }),
      finding({ id: 'AL001-honest000000', user_id: 'honest', claimed_user_id: null }),
    ],
    {
      inputs: [{ path: text, bytes: 1, lines: 1 }],
      notices: [{ code: 'x', message: `in ${text} there was something`, count: 1 }],
      incomplete: [{ path: text, reason: 'unreadable', detail: text }],
    },
  );

export const OPTIONS: AuditOptions = {
  width: 80,
  theme: await createTheme({ color: false, unicode: true }),
  top: 0,
  rules: RULE_TEXTS,
  version: '0.1.0',
  exitCode: 0,
};

/** The lines of NDJSON. */
export const parsed = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
