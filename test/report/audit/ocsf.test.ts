import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { ocsfEvent } from '../../../src/report/ocsf/event.ts';
import { auditOcsf } from '../../../src/report/ocsf/finding.ts';
import { NAUGHTY } from '../naughty.ts';
import { event, EVENTS, hostile, sparse } from './events.ts';
import { ocsf } from './published.ts';
import { broken, busy, crowded, OPTIONS, parsed, poisoned, quiet, RULE_TEXTS } from './reports.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');

const findings = (audit: AuditReport, rules = RULE_TEXTS): readonly Record<string, unknown>[] =>
  parsed([...auditOcsf(audit, { ...OPTIONS, rules })].join(''));

describe.skipIf(ocsf === null)('the published schema of OCSF', () => {
  test('describes every finding', () => {
    for (const audit of [busy, broken, crowded, quiet, ...NAUGHTY.map(poisoned)]) {
      for (const one of [...findings(audit), ...findings(audit, [])]) {
        expect(ocsf!.detection(one)).toEqual([]);
      }
    }
  });

  test('describes every event', () => {
    for (const one of [...EVENTS, ...NAUGHTY.map(hostile)]) {
      expect(ocsf!.activity(ocsfEvent(one, NOW)), JSON.stringify(one)).toEqual([]);
    }
  });

  test('refuses what is wrong', () => {
    const { time: _time, ...timeless } = ocsfEvent(event(), NOW) as Record<string, unknown>;
    expect(ocsf!.activity(timeless)).not.toEqual([]);
    expect(ocsf!.detection({ ...findings(busy)[0], severity_id: 7 })).not.toEqual([]);
    expect(ocsf!.detection({ ...findings(busy)[0], level: 'high' })).not.toEqual([]);
  });
});

describe('a finding as OCSF', () => {
  test('is this Detection Finding', () => {
    expect(findings(busy).at(-1)).toEqual({
      activity_id: 1,
      category_uid: 2,
      class_uid: 2004,
      type_uid: 200_401,
      severity_id: 3,
      status_id: 1,
      time: Date.parse('2026-11-20T23:02:00Z'),
      start_time: Date.parse('2026-11-20T22:41:00.250Z'),
      end_time: Date.parse('2026-11-20T23:02:00Z'),
      count: 3,
      is_alert: true,
      message: '31 users from 203.0.113.7 within 10 minutes',
      metadata: {
        version: '1.8.0',
        product: { name: 'authlog', vendor_name: 'authlog', version: '0.1.0' },
        uid: 'AL014-abcdefghijkl',
        event_code: 'AL014',
      },
      finding_info: {
        uid: 'AL014-abcdefghijkl',
        title: 'Many tokens from one address',
        desc: 'A proxy, or somebody with a list of tokens.',
        first_seen_time: Date.parse('2026-11-20T22:41:00.250Z'),
        last_seen_time: Date.parse('2026-11-20T23:02:00Z'),
        analytic: {
          uid: 'AL014',
          name: 'many-tokens',
          desc: 'More than 20 users from one address within 10 minutes.',
          type_id: 1,
        },
        attacks: [
          { version: '19', technique: { uid: 'T1550' }, sub_technique: { uid: 'T1550.001' } },
        ],
        data_sources: ['logs/auth.log'],
      },
      evidences: [
        {
          actor: { user: { uid: '12345' } },
          src_endpoint: { ip: '203.0.113.7' },
          uid: 'Ab3-_fGh12KlMnOp',
          data: { token_id: 'Ab3-_fGh12KlMnOp', time: '2026-11-20T22:41:00.250Z' },
        },
        {
          actor: { user: { uid: '12345' } },
          src_endpoint: { ip: '203.0.113.7' },
          uid: 'Ab3-_fGh12KlMnOp',
          data: {
            file: 'logs/auth.log',
            offset: 4100,
            token_id: 'Ab3-_fGh12KlMnOp',
            time: '2026-11-20T22:41:00.250Z',
          },
        },
      ],
      remediation: { desc: 'Look who is behind the address.' },
      unmapped: { level: 'medium', user_id: 12_345 },
    });
  });

  test('has the worst severity for critical, and --now where no time is known', () => {
    expect(findings(busy).map((one) => one['severity_id'])).toEqual([5, 4, 4, 3]);
    expect(findings(busy)[1]).toMatchObject({ time: NOW });
    expect(findings(busy)[1]).not.toHaveProperty('start_time');
  });

  test('nothing found is no line', () => {
    expect(findings(quiet)).toEqual([]);
  });
});

describe('an event as OCSF', () => {
  test('is this API Activity', () => {
    expect(ocsfEvent(event(), NOW)).toEqual({
      activity_id: 2,
      category_uid: 6,
      class_uid: 6003,
      type_uid: 600_302,
      severity_id: 1,
      time: Date.parse('2026-11-20T22:41:00.250Z'),
      message: 'token valid',
      metadata: {
        version: '1.8.0',
        product: { name: 'authlog', vendor_name: 'authlog' },
        profiles: ['security_control'],
        uid: 'k2nYpV7sQm1x',
        event_code: 'valid',
        log_name: 'auth.log',
        original_time: '2026-11-20T22:41:00.250Z',
      },
      status_id: 1,
      status_code: '200',
      status_detail: 'valid',
      action_id: 1,
      disposition_id: 1,
      actor: {
        user: { uid: '12345', email_addr: 'ada@example.com', groups: [{ name: 'admin' }] },
        idp: { name: 'https://id.example' },
      },
      api: {
        operation: 'GET /orders?page=2',
        request: { uid: 'r-1' },
        response: { code: 200 },
        token: {
          uid: 'Ab3-_fGh12KlMnOp',
          type_id: 7,
          created_time: 1_795_000_000_500,
          expiration_time: 1_795_003_600_000,
        },
      },
      src_endpoint: { ip: '203.0.113.7' },
      http_request: {
        http_method: 'GET',
        url: { path: '/orders', query_string: 'page=2' },
        user_agent: 'curl/8',
        uid: 'r-1',
      },
      http_response: { code: 200 },
      unmapped: {
        verdict: 'valid',
        file: 'auth.log',
        line: 17,
        offset: 1893,
        method: 'GET',
        alg: 'HS256',
        key: 'secret',
        user_id_type: 'number',
        email: 'ada@example.com',
        iss: 'https://id.example',
        aud: ['api', 'web'],
        jti: 't-1',
        iat: 1_795_000_000.5,
        exp: 1_795_003_600,
        lifetime_s: 3599.5,
      },
    });
  });

  test('names nobody as the actor on the word of a token that did not verify', () => {
    for (const verdict of ['bad_signature', 'alg_none', 'unverified', 'masked'] as const) {
      const forged = ocsfEvent(event({ verdict }), NOW);
      expect(forged).toMatchObject({
        actor: { app_name: 'unknown' },
        unmapped: {
          claimed_user_id: 12_345,
          claimed_email: 'ada@example.com',
          claimed_roles: ['admin'],
        },
      });
      expect(forged).not.toHaveProperty('actor.user');
    }
  });

  test.each<[Parameters<typeof event>[0], object]>([
    [
      { verdict: 'alg_none', status: 200 },
      { severity_id: 4, status_id: 1, action_id: 1 },
    ],
    [
      { verdict: 'alg_none', status: 401 },
      { severity_id: 2, status_id: 2, action_id: 2 },
    ],
    [{ status: 403 }, { status_id: 2, action_id: 2, disposition_id: 2 }],
    [{ status: 500 }, { severity_id: 1, status_id: 2, action_id: 3, disposition_id: 17 }],
    [{ status: 302 }, { status_id: 0, action_id: 3 }],
    [{ status: null }, { status_id: 0, action_id: 3 }],
    [
      { status: null, event: 'access_denied' },
      { status_id: 2, action_id: 2, disposition_id: 2 },
    ],
    [
      { status: null, event: 'login_failed' },
      { status_id: 2, action_id: 3 },
    ],
    [{ method: 'POST' }, { activity_id: 1, type_uid: 600_301 }],
    [{ method: 'patch' }, { activity_id: 3, type_uid: 600_303 }],
    [{ method: 'DELETE' }, { activity_id: 4 }],
    [{ method: 'BREW' }, { activity_id: 99, type_uid: 600_399 }],
    [{ ip: 'ip-abc' }, { src_endpoint: { name: 'ip-abc' } }],
  ])('%j', (some, expected) => {
    expect(ocsfEvent(event(some), NOW)).toMatchObject(expected);
  });

  test('of which little is known says so', () => {
    expect(ocsfEvent(sparse, NOW)).toMatchObject({
      activity_id: 0,
      time: NOW,
      actor: { app_name: 'unknown' },
      src_endpoint: { name: 'unknown' },
      api: { operation: 'unknown', token: { uid: 'Ab3-_fGh12KlMnOp' } },
    });
  });
});
