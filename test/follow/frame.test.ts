import { describe, expect, test } from 'vitest';
import { UNKNOWN_USE, type Use } from '../../src/audit/use.ts';
import { frameOf } from '../../src/report/live/frame.ts';
import { repaint } from '../../src/report/live/repaint.ts';
import { spanText } from '../../src/report/live/spans.ts';
import type { LiveView } from '../../src/report/live/view.ts';
import { createTheme } from '../../src/report/theme.ts';
import { textWidth } from '../../src/report/width.ts';
import { VERDICTS, type Verdict } from '../../src/verify/verdict.ts';

const NOW = Date.UTC(2026, 10, 27, 12, 30, 5);
const theme = await createTheme({ color: false, unicode: true });

const token = (userId: string): Use['token'] => ({
  id: 'a',
  hash: 0,
  signatureId: null,
  alg: 'HS256',
  kid: null,
  typ: null,
  headerParams: [],
  key: null,
  user: `s${userId}`,
  userId,
  userIdType: 'string',
  email: null,
  roles: [],
  scopes: [],
  iss: null,
  aud: [],
  jti: null,
  iat: Number.NaN,
  nbf: Number.NaN,
  exp: Number.NaN,
});

const rejection = (verdict: Verdict, userId: string, line: number): Use => ({
  ...UNKNOWN_USE,
  time: NOW - 60_000 + line * 1000,
  verdict,
  reason: 'told_by_a_test',
  token: token(userId),
  file: 'logs/app.log',
  line,
});

const view: LiveView = {
  command: 'audit',
  sources: ['logs/app.log', 'logs/api.log'],
  now: NOW,
  running: 192_000,
  catchingUp: null,
  isPaused: false,
  isVerified: true,
  totals: {
    lines: 1_204_311,
    lines_with_token: 1_000_000,
    lines_without_token: 204_311,
    lines_skipped: 0,
    tokens: 1_000_000,
    distinct_tokens: 40_000,
    verdicts: {
      ...(Object.fromEntries(VERDICTS.map((name) => [name, 0])) as Record<Verdict, number>),
      valid: 950_000,
      expired: 30_000,
      bad_signature: 20_000,
    },
  },
  users: 3120,
  rates: {
    lines: 50_012,
    tokens: 41_000,
    verdicts: VERDICTS.map((name) => (name === 'valid' ? 39_000 : name === 'expired' ? 2.5 : 0)),
  },
  rejections: [
    rejection('expired', 'ada', 12),
    rejection('bad_signature', 'rm -rf\u001b[2J\u202e', 13),
    rejection('alg_none', '日本語のとても長い利用者の名前です', 14),
  ],
  expiring: {
    count: 212,
    first: [
      {
        identity: { userIdType: 'string', userId: 'ada', email: 'ada@example.com', roles: [] },
        expiry: NOW / 1000 + 252,
      },
      {
        identity: { userIdType: 'number', userId: 7, email: null, roles: [] },
        expiry: NOW / 1000 + 3000,
      },
    ],
  },
  findings: [
    {
      id: 'AL002-x',
      rule: 'AL002',
      level: 'high',
      title: 'Forged signature',
      user_id: null,
      claimed_user_id: 'ada',
      ip: '203.0.113.7',
      count: 20_000,
      first_seen: '2026-11-27T12:00:00Z',
      last_seen: '2026-11-27T12:30:01Z',
      why: '',
      attack: [],
      evidence: [],
    },
  ],
  remarks: [],
  panel: 'all',
  isHelping: false,
};

describe('the screen', () => {
  test.each([
    [80, 24],
    [40, 12],
    [120, 40],
  ])('%i columns, %i rows', async (columns, rows) => {
    const lines = frameOf(view, { columns, rows }, theme);
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(textWidth(line)).toBeLessThan(columns);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`frames/${columns}x${rows}.txt`);
  });

  test('fits every size, and nothing of a log reaches the terminal as it is', () => {
    for (let columns = 1; columns < 60; columns += 7) {
      for (let rows = 1; rows < 30; rows += 3) {
        for (const panel of ['all', 'rejections', 'expiring', 'findings'] as const) {
          const lines = frameOf({ ...view, panel }, { columns, rows }, theme);
          expect(lines).toHaveLength(rows);
          for (const line of lines) {
            expect(textWidth(line)).toBeLessThanOrEqual(Math.max(1, columns));
            expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
          }
        }
      }
    }
  });

  test('what nobody verified, a held display, and input that cannot be read are said at the top', () => {
    const told = { ...view, isVerified: false, isPaused: true, remarks: ['cannot read x'] };
    const lines = frameOf(told, { columns: 80, rows: 24 }, theme).slice(2, 5);
    expect(lines.join('\n')).toMatch(/NOT VERIFIED.*\n.*PAUSED.*\n.*cannot read x/);
  });

  test('only lines that changed are written, as one synchronized update', () => {
    expect(repaint(['a', 'b'], ['a', 'b'])).toBe('');
    const text = repaint(['a', 'b'], ['a', 'c']);
    expect(text).toBe('\u001b[?2026h\u001b[2;1Hc\u001b[0m\u001b[K\u001b[?2026l');
    expect(repaint(null, ['a'])).toContain('\u001b[2J');
  });

  test.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 m 0 s'],
    [3_660_000, '1 h 1 m'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(spanText(milliseconds)).toBe(text);
  });
});
