import { EVENT_SCHEMA } from '../../src/event/event.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { VERDICTS } from '../../src/verify/verdict.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const EPOCH = Date.UTC(2026, 0, 1);
const ODD_TEXTS = [
  '',
  'plain',
  "it's; DROP TABLE events; --",
  '"quoted" \\ back\\\\slash \\u0041 {{name}} $1 ?',
  'line\nbreak\r\n\ttab',
  'nul\0inside',
  '\0',
  '😀 👩‍👩‍👧 é e\u0301 \u202Eright\u2066',
  'lone \uD800 high',
  'low \uDC00 lone',
  '\uFFFD\uFEFF\u2028\x7F\x9F',
  'true',
  'null',
  '1',
  '0x10',
  '$where',
  'a.b',
  '<script>',
  'x'.repeat(300),
] as const;
const USERS = [1, '1', 0, '', 'alice', 'ALICE', 1.5, -7, '90071992547409931', 2 ** 53 - 1] as const;
const ROLES = [[], ['admin'], ['admin', 'user'], ['a,b', '"', 'ü\0'], ['\uD800']] as const;
const PARAMS = [['jku'], ['jwk', 'x5c', 'crit:exp'], ['crit:\0'], []] as const;
const DATES = [null, null, 0, 1_790_000_000, 1_790_000_000.25, -1, 1e300, '1e30'] as const;
const AUDIENCES = [null, 'api', ['api', 'web'], []] as const;
const STATUSES = [null, 199, 200, 204, 299, 300, 401, 500] as const;

/** An event as the suite needs it; by default a valid use by alice without anything else. */
export const eventWith = (id: string, members: Partial<RecordedEvent> = {}): RecordedEvent => ({
  schema: EVENT_SCHEMA,
  event_id: id,
  time: null,
  file: null,
  line: null,
  offset: null,
  verdict: 'valid',
  reason: null,
  token_id: 'AAAAAAAAAAAAAAAA',
  alg: 'HS256',
  kid: null,
  key: 'hs:1',
  user_id: 'alice',
  user_id_type: 'string',
  email: null,
  roles: [],
  iss: null,
  aud: null,
  jti: null,
  iat: null,
  nbf: null,
  exp: null,
  lifetime_s: null,
  expired_by_s: null,
  event: null,
  ip: null,
  user_agent: null,
  method: null,
  path: null,
  status: null,
  request_id: null,
  ...members,
});

/** Events of every kind, with text that something may stumble over; ids are `PREFIX-000000` and on. */
export const randomEvents = (seed: number, count: number, prefix = 'e'): RecordedEvent[] => {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const text = (): string | null => (random() < 0.4 ? null : pick(ODD_TEXTS));
  const whole = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: count }, (_, i) => {
    const userId = random() < 0.2 ? null : pick(USERS);
    const isLarge = userId === '90071992547409931';
    const type = typeof userId === 'number' || isLarge ? 'number' : 'string';
    const noToken = random() < 0.1;
    return eventWith(`${prefix}-${String(i).padStart(6, '0')}`, {
      time:
        random() < 0.1
          ? null
          : new Date(EPOCH + whole(1000) * 1000 + pick([0, 1, 999])).toISOString(),
      file: text(),
      line: random() < 0.5 ? null : 1 + whole(2 ** 40),
      offset: random() < 0.5 ? null : pick([0, 2 ** 53 - 1, whole(1e6)]),
      verdict: noToken ? null : pick(VERDICTS),
      reason: random() < 0.8 ? null : pick(['signature_mismatch', 'exp', '\0']),
      token_id: noToken ? null : `token-id_${String(whole(40)).padStart(7, '0')}`,
      alg: text(),
      kid: text(),
      key: random() < 0.5 ? null : pick(['hs:1', 'key "2"', 'lone \uDC00']),
      user_id: userId,
      user_id_type: userId === null ? pick(['none', 'non_string']) : type,
      email:
        random() < 0.5 ? null : pick(['a@example.com', 'ä\0@example.com', '\uD800@x', '\uD801@x']),
      roles: pick(ROLES),
      iss: text(),
      aud: pick(AUDIENCES),
      jti: text(),
      iat: pick(DATES),
      nbf: pick(DATES),
      exp: pick(DATES),
      lifetime_s: pick([null, 3600, -1.5]),
      expired_by_s: pick([null, 0, 0.001]),
      event: text(),
      ip: text(),
      user_agent: text(),
      method: text(),
      path: text(),
      status: pick(STATUSES),
      request_id: text(),
      ...(random() < 0.5 && {
        ...(random() < 0.5 && { typ: pick(['at+jwt', ...ODD_TEXTS]) }),
        ...(random() < 0.5 && { header_params: pick(PARAMS) }),
        ...(random() < 0.5 && { scopes: pick(ROLES) }),
        ...(!noToken && { signature_id: `signature-${String(whole(40)).padStart(6, '0')}` }),
      }),
      ...(random() < 0.3 && { latency_ms: pick([0, 1.25, 1e9]) }),
      ...(random() < 0.3 && {
        fields: {
          [pick(ODD_TEXTS)]: pick(ODD_TEXTS),
          [pick(['$gt', 'a.b', '_id', 'user_id', 'constructor'])]: pick([
            1,
            -0.5,
            true,
            false,
            null,
            1e300,
          ]),
        },
      }),
      ...(random() < 0.1 && {
        writer: 'w\0',
        seq: whole(2 ** 50),
        prev: null,
        unknown: { deep: [1, [{}]] },
      }),
    });
  });
};
