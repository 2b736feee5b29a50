import { EVENT_SCHEMA, type AuthEvent } from '../event/event.ts';
import { NO_TOKEN } from '../event/token.ts';
import { PRIVILEGED_ROLES, type AuditContext } from './context.ts';
import { Engine, type EngineResult } from './engine.ts';
import { useOfEvent } from './from-event.ts';
import { NO_NETWORKS } from './network.ts';
import type { Example, ExampleEvent, Rule } from './rule.ts';

/** When examples begin: a Monday noon. */
const START = Date.UTC(2026, 10, 2, 12);

/** Context without anything in it but the usual names of privileged roles. */
export const emptyContext = (now: number): AuditContext => ({
  now,
  leeway: 0,
  issuers: null,
  audiences: null,
  oneTimeTypes: [],
  oneTimePaths: [],
  knownNetworks: NO_NETWORKS,
  adminUsers: new Set(),
  privilegedRoles: new Set(PRIVILEGED_ROLES),
  headerParams: new Set(),
  revoked: null,
  locate: null,
  weakSecrets: [],
  files: [],
  brokenChains: [],
  changeWindows: [],
});

/** The whole event that an example means: a valid token of user 12345, but for what it says. */
export const exampleEvent = ({ at = 0, ...members }: ExampleEvent, number: number): AuthEvent => {
  const issued = Math.floor(START / 1000);
  const hasToken = members.verdict !== null;
  const token = hasToken
    ? {
        verdict: 'valid' as const,
        token_id: 'token-aaaaaaaaaa',
        signature_id: `signature-of-${members.token_id ?? 'a'}`,
        alg: 'HS256',
        key: 'secret',
        user_id: '12345',
        user_id_type: 'string' as const,
        iat: issued,
        exp: issued + 3600,
      }
    : { user_id_type: 'none' as const };
  return {
    schema: EVENT_SCHEMA,
    event_id: `example-${number}`,
    time: at === null ? null : new Date(START + at * 1000).toISOString(),
    file: 'example.log',
    line: number,
    offset: number * 400,
    ...NO_TOKEN,
    token_id: null,
    event: null,
    ip: '192.0.2.10',
    user_agent: 'curl/8.5.0',
    method: 'GET',
    path: '/orders',
    status: 200,
    request_id: null,
    ...token,
    ...(hasToken && spansOf({ ...token, ...members }, START / 1000 + (at ?? Number.NaN))),
    ...members,
  };
};

/** What follows from the dates of a token that is used at `used` (seconds). */
const spansOf = (
  { iat, exp }: Partial<Pick<AuthEvent, 'iat' | 'exp'>>,
  used: number,
): Pick<AuthEvent, 'lifetime_s' | 'expired_by_s'> => {
  const end = exp === null || exp === undefined ? Number.NaN : Number(exp);
  return {
    lifetime_s: typeof iat === 'number' && !Number.isNaN(end) ? end - iat : null,
    expired_by_s: used >= end ? used - end : null,
  };
};

/** Runs a rule alone over an example, with its own thresholds. */
export const replay = (
  rule: Rule,
  { events, context }: Example,
  thresholds: Readonly<Record<string, number>> = defaultsOf(rule),
): EngineResult => {
  const whole = events.map((event, i) => exampleEvent(event, i + 1));
  const last = Math.max(START, ...whole.map(({ time }) => Date.parse(time ?? '') || 0));
  const engine = new Engine({
    rules: [{ rule, level: null, thresholds }],
    context: { ...emptyContext(last), ...context },
    lateness: 60_000,
    from: Number.NaN,
    learn: 0,
  });
  const newest = new Map<string | null, number>();
  for (const event of whole) {
    const time = Date.parse(event.time ?? '');
    const before = newest.get(event.file) ?? time;
    if (event.time !== null) newest.set(event.file, Math.max(before, time));
    engine.add(useOfEvent(event, Math.max(0, before - time) || 0));
  }
  return engine.finish();
};

/** The thresholds of a rule as it comes. */
export const defaultsOf = ({ thresholds }: Rule): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(thresholds).map(([name, { value }]) => [name, value]));
