import { describe, expect, test } from 'vitest';
import { createRules } from '../../src/guard/rules-file.ts';
import { claims, mint } from '../support/tokens.ts';
import { guardOf, MemoryLog, requestOf, ringOf } from './making.ts';

const good = mint(claims());

describe('a guard records what it decides', () => {
  test('one event for each decision, granted or not', async () => {
    const log = new MemoryLog();
    const guard = guardOf({ log });
    await guard.check(requestOf(good));
    await guard.check(requestOf(null));
    await guard.refuse(requestOf(good), 'untrusted_peer');
    expect(log.events.map(({ status, reason }) => [status, reason])).toEqual([
      [204, null],
      [401, 'missing_token'],
      [403, 'untrusted_peer'],
    ]);
    expect(new Set(log.events.map(({ event_id }) => event_id)).size).toBe(3);
  });

  test('what cannot be recorded is refused, unless that is said to be right', async () => {
    const log = new MemoryLog();
    log.isBroken = true;
    const errors: unknown[] = [];
    const onRecordError = (error: unknown): unknown => errors.push(error);
    const strict = await guardOf({ log, onRecordError }).check(requestOf(good));
    expect(strict).toMatchObject({ status: 403, challenge: null, identity: {} });
    expect(strict.event).toMatchObject({
      status: 403,
      reason: 'record_failed',
      event: 'access_denied',
    });
    const lenient = guardOf({ log, onRecordError, onRecordFail: 'allow' });
    expect((await lenient.check(requestOf(good))).status).toBe(204);
    expect((await lenient.check(requestOf(null))).status).toBe(401);
    expect(errors).toHaveLength(3);
  });
});

test('new keys and rules hold at once, also for tokens that were seen before', () => {
  const guard = guardOf();
  for (let i = 0; i < 3; i++) expect(guard.decide(requestOf(good)).status).toBe(204);
  guard.update({ ring: ringOf('another-secret') });
  expect(guard.decide(requestOf(good)).event.verdict).toBe('bad_signature');
  guard.update({ ring: ringOf(), rules: createRules({ rules: [], default: 'deny' }) });
  expect(guard.decide(requestOf(good)).event.reason).toBe('no_rule');
});
