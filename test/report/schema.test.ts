import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { VERDICTS } from '../../src/verify/verdict.ts';
import { NAUGHTY } from './naughty.ts';
import { buckets, busy, empty, hearsay, small, user } from './summaries.ts';

interface Schema {
  readonly $defs: { readonly verdict: { readonly enum: readonly string[] } };
}

const readSchema = (name: string): Schema => {
  const schema: Schema = JSON.parse(
    readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8'),
  );
  return schema;
};

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
const summarySchema = readSchema('authlog.summary-1.json');
const eventSchema = readSchema('authlog.event-1.json');
const checkSummary = ajv.compile(summarySchema);
const checkEvent = ajv.compile(eventSchema);

describe('authlog.summary-1.json', () => {
  test.each<[string, Summary]>([
    ['a quiet log', small],
    ['a busy log', busy],
    ['hearsay', hearsay],
    ['no token', empty],
    ['hostile users', { ...busy, users: NAUGHTY.map((text) => user({ user_id: text })) }],
  ])('describes %s', (_name, summary) => {
    checkSummary(JSON.parse(renderJson(summary)));
    expect(checkSummary.errors).toBeNull();
  });

  test.each<[string, unknown]>([
    ['a missing list', { ...small, users: undefined }],
    ['a missing verdict', { ...small, totals: { ...small.totals, verdicts: { valid: 5 } } }],
    ['a verdict of zero with a user', { ...small, users: [user({ verdicts: { expired: 0 } })] }],
    ['an unknown verdict', { ...small, users: [{ ...user({}), verdicts: { forged: 1 } }] }],
    ['a missing bucket', { ...small, expiry: buckets({}).slice(1) }],
    ['a local time', { ...small, now: '2026-11-21T00:00:00+01:00' }],
    ['an absent e-mail', { ...small, users: [{ ...user({}), email: undefined }] }],
    ['an empty list of incomplete inputs', { ...small, incomplete: [] }],
    ['another schema', { ...small, schema: 'authlog.summary/2' }],
  ])('refuses %s', (_name, value) => {
    expect(checkSummary(JSON.parse(JSON.stringify(value)))).toBe(false);
  });

  test('names every verdict', () => {
    for (const { $defs } of [summarySchema, eventSchema]) {
      expect($defs.verdict.enum).toEqual([...VERDICTS]);
    }
  });
});

const event = {
  schema: 'authlog.event/1',
  event_id: 'k2nYpV7sQm1x',
  time: '2026-11-20T22:41:00.250Z',
  file: 'auth.log',
  line: 17,
  offset: 1893,
  verdict: 'valid',
  reason: null,
  token_id: 'Ab3-_fGh12KlMnOp',
  alg: 'HS256',
  kid: null,
  key: 'secret',
  user_id: 12345,
  user_id_type: 'number',
  email: 'johndoe@example.com',
  roles: ['admin'],
  iss: 'https://id.example',
  aud: ['api', 'web'],
  jti: null,
  iat: 1_795_000_000.5,
  nbf: null,
  exp: '1e400',
  lifetime_s: 3600,
  expired_by_s: null,
  event: 'login',
  ip: '203.0.113.7',
  user_agent: 'curl/8',
  method: 'GET',
  path: '/orders',
  status: 200,
  request_id: null,
};

const traits = {
  typ: 'at+jwt',
  header_params: ['jku'],
  scopes: ['read'],
  signature_id: 'Sig-_natureId0aZ',
};

describe('authlog.event-1.json', () => {
  test('describes an event, and one of which little is known', () => {
    const sparse = Object.fromEntries(
      Object.keys(event).map((name): [string, unknown] => [name, null]),
    );
    const kept = {
      ...sparse,
      schema: event.schema,
      event_id: 'x',
      verdict: 'malformed',
      user_id_type: 'none',
      roles: [],
    };
    const recorded = { ...event, ...traits, aud: 'api', verified_by: 'recorder' };
    for (const one of [event, kept, recorded]) {
      checkEvent(one);
      expect(checkEvent.errors).toBeNull();
    }
  });

  test.each(Object.keys(event))('asks for %s', (name) => {
    const { [name]: _left, ...rest } = event as Record<string, unknown>;
    expect(checkEvent(rest)).toBe(false);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a token in place of its id', { token_id: 'eyJhbGciOiJIUzI1NiJ9.e30.x' }],
    ['an unknown verdict', { verdict: 'forged' }],
    ['a line zero', { line: 0 }],
    ['a role that is no string', { roles: [1] }],
    ['a status in words', { status: 'OK' }],
    ['a signature in place of its id', { signature_id: 'A'.repeat(43) }],
    ['scopes as one text', { scopes: 'a b' }],
    ['a typ of null', { typ: null }],
  ])('refuses %s', (_name, change) => {
    expect(checkEvent({ ...event, ...change })).toBe(false);
  });
});
