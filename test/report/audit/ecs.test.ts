import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { ECS_VERSION } from '../../../src/report/ecs/base.ts';
import { ecsEvent } from '../../../src/report/ecs/event.ts';
import { auditEcs } from '../../../src/report/ecs/finding.ts';
import { NAUGHTY } from '../naughty.ts';
import { checkEcs, PUBLISHED_VERSION } from './ecs-fields.ts';
import { event, EVENTS, hostile, sparse } from './events.ts';
import { broken, busy, crowded, OPTIONS, parsed, poisoned, quiet, RULE_TEXTS } from './reports.ts';

const NOW = '2026-11-21T00:00:00.000Z';

const alerts = (audit: AuditReport, rules = RULE_TEXTS): readonly Record<string, unknown>[] =>
  parsed([...auditEcs(audit, { ...OPTIONS, rules })].join(''));

describe('the published fields of ECS', () => {
  test('are those of the version that documents name', () => {
    expect(ECS_VERSION).toBe(PUBLISHED_VERSION);
  });

  test('describe every finding', () => {
    for (const audit of [busy, broken, crowded, quiet, ...NAUGHTY.map(poisoned)]) {
      for (const one of [...alerts(audit), ...alerts(audit, [])]) expect(checkEcs(one)).toEqual([]);
    }
  });

  test('describe every event', () => {
    for (const one of [...EVENTS, ...NAUGHTY.map(hostile)]) {
      expect(checkEcs(ecsEvent(one, NOW)), JSON.stringify(one)).toEqual([]);
    }
  });

  test('refuse what is wrong', () => {
    const document = ecsEvent(event(), NOW);
    for (const change of [
      { user: { id: 12_345 } },
      { token: { id: 'x' } },
      { source: { ip: 'nowhere' } },
      { related: { ip: '192.0.2.1' } },
      { event: { kind: 'noise', category: ['authentication'], type: ['allowed'] } },
    ]) {
      expect(checkEcs({ ...document, ...change })).not.toEqual([]);
    }
  });
});

test('a finding is this alert', () => {
  expect(alerts(busy)[3]).toEqual({
    '@timestamp': '2026-11-20T23:02:00.000Z',
    ecs: { version: '9.4.0' },
    message: '31 users from 203.0.113.7 within 10 minutes',
    event: {
      kind: 'alert',
      category: ['intrusion_detection'],
      type: ['info'],
      module: 'authlog',
      dataset: 'authlog.finding',
      id: 'AL014-abcdefghijkl',
      action: 'many-tokens',
      code: 'AL014',
      severity: 47,
      start: '2026-11-20T22:41:00.250Z',
      end: '2026-11-20T23:02:00.000Z',
      reason: '31 users from 203.0.113.7 within 10 minutes',
    },
    rule: {
      id: 'AL014',
      name: 'Many tokens from one address',
      description: 'More than 20 users from one address within 10 minutes.',
      ruleset: 'authlog',
      version: '0.1.0',
    },
    threat: {
      framework: 'MITRE ATT&CK',
      technique: { id: ['T1550'], subtechnique: { id: ['T1550.001'] } },
    },
    user: { id: '12345' },
    source: { address: '203.0.113.7', ip: '203.0.113.7' },
    related: { ip: ['203.0.113.7'], user: ['12345'] },
    log: { file: { path: 'logs/auth.log' } },
    authlog: {
      level: 'medium',
      count: 3,
      action: 'Look who is behind the address.',
      evidence: [
        { token_id: 'Ab3-_fGh12KlMnOp', time: '2026-11-20T22:41:00.250Z' },
        {
          file: 'logs/auth.log',
          offset: 4100,
          token_id: 'Ab3-_fGh12KlMnOp',
          time: '2026-11-20T22:41:00.250Z',
        },
      ],
    },
  });
});

test('an event is this document', () => {
  expect(ecsEvent(event(), NOW)).toEqual({
    '@timestamp': '2026-11-20T22:41:00.250Z',
    ecs: { version: '9.4.0' },
    event: {
      kind: 'event',
      category: ['authentication'],
      type: ['info'],
      module: 'authlog',
      dataset: 'authlog.event',
      id: 'k2nYpV7sQm1x',
      action: 'token_used',
      code: 'valid',
      outcome: 'success',
      reason: 'valid',
    },
    user: { id: '12345', email: 'ada@example.com', roles: ['admin'] },
    source: { address: '203.0.113.7', ip: '203.0.113.7' },
    related: { ip: ['203.0.113.7'], user: ['12345'] },
    user_agent: { original: 'curl/8' },
    http: { request: { method: 'GET', id: 'r-1' }, response: { status_code: 200 } },
    url: { original: '/orders?page=2', path: '/orders', query: 'page=2' },
    log: { file: { path: 'auth.log' } },
    authlog: {
      verdict: 'valid',
      token_id: 'Ab3-_fGh12KlMnOp',
      line: 17,
      offset: 1893,
      alg: 'HS256',
      key: 'secret',
      user_id_type: 'number',
      iss: 'https://id.example',
      aud: ['api', 'web'],
      jti: 't-1',
      iat: 1_795_000_000.5,
      exp: 1_795_003_600,
      lifetime_s: 3599.5,
    },
  });
});

describe('an event as ECS', () => {
  test('names nobody as the user on the word of a token that did not verify', () => {
    const forged = ecsEvent(event({ verdict: 'bad_signature' }), NOW);
    expect(forged).not.toHaveProperty('user');
    expect(forged).not.toHaveProperty('related.user');
    expect(forged).toMatchObject({
      authlog: { claimed: { user_id: '12345', email: 'ada@example.com', roles: ['admin'] } },
    });
  });

  test.each<[Parameters<typeof event>[0], object]>([
    [{ event: 'login_succeeded' }, { type: ['start'], action: 'login_succeeded' }],
    [{ event: 'token_revoked' }, { type: ['end'], action: 'token_revoked' }],
    [{ event: 'User logged in' }, { type: ['info'], action: 'token_used' }],
    [
      { status: 403, reason: 'rule' },
      { outcome: 'failure', reason: 'rule' },
    ],
    [{ status: null }, { outcome: 'unknown' }],
  ])('%j', (some, expected) => {
    expect(ecsEvent(event(some), NOW)).toMatchObject({ event: expected });
  });

  test('keeps a date that is no number apart, for one mapping takes one type', () => {
    const odd = ecsEvent(event({ exp: '1e400' }), NOW);
    expect(odd).toMatchObject({ authlog: { exp_text: '1e400' } });
    expect(odd).not.toHaveProperty('authlog.exp');
  });

  test('without a time has that of the audit', () => {
    expect(ecsEvent(sparse, NOW)).toMatchObject({ '@timestamp': NOW });
  });
});
