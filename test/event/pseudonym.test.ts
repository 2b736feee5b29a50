import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeEvent } from '../../src/event/encode.ts';
import type { AuthEvent } from '../../src/event/event.ts';
import { createPseudonymizer, createPseudonyms } from '../../src/event/pseudonym.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { ROOT } from '../support/cli.ts';
import { eventWith } from '../store/random-events.ts';

const KEY = Buffer.from('a key for tests, 32 bytes long..');
const pseudonyms = createPseudonyms(KEY);
const hide = createPseudonymizer(KEY);

const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.event-1.json`, 'utf8'));
const isEvent = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

const NOBODY = {
  user_id: null,
  user_id_type: 'none',
  email: null,
  ip: null,
  file: null,
  roles: [],
  iss: null,
  aud: null,
  jti: null,
  event: null,
  path: null,
  user_agent: null,
  request_id: null,
} as const;
const eventOf = (members: Partial<RecordedEvent>): RecordedEvent =>
  eventWith('E1', { ...NOBODY, ...members });

describe('a pseudonym', () => {
  test('tells its kind, and the kinds of a value do not join', () => {
    const [user, email, ip] = [
      pseudonyms.user('ada', 'string'),
      pseudonyms.email('ada'),
      pseudonyms.ip('ada'),
    ];
    expect(user).toMatch(/^u-[\w-]{22}$/);
    expect(email).toMatch(/^e-[\w-]{22}$/);
    expect(ip).toMatch(/^ip-[\w-]{22}$/);
    expect(new Set([user, email, ip].map((text) => text.slice(text.indexOf('-')))).size).toBe(3);
  });

  test('of the number 1 is not that of the text "1"; a number that is too large is a number', () => {
    expect(pseudonyms.user(1, 'number')).not.toBe(pseudonyms.user('1', 'string'));
    const large = '123456789012345678901';
    expect(pseudonyms.user(large, 'number')).not.toBe(pseudonyms.user(large, 'string'));
  });

  test('depends on the key, and on nothing else', () => {
    const other = createPseudonyms(Buffer.from('another key, also of 32 bytes...'));
    expect(other.user('ada', 'string')).not.toBe(pseudonyms.user('ada', 'string'));
    // Stands for all time: what was written last year must join with what is written now.
    expect(pseudonyms.user('ada', 'string')).toBe('u-eaoVvdQqAN4pjb_Q6usV-S');
  });

  test('equal in, equal out; different in, different out', () => {
    const value = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    const again = createPseudonyms(Uint8Array.from(KEY));
    const unpaired = fc.constantFrom('\uD800', '\uD801', '\uFFFD', 'a\uDC00');
    const any = fc.oneof(value, unpaired);
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(again.email(a)).toBe(pseudonyms.email(a));
        expect(pseudonyms.email(a) === pseudonyms.email(b)).toBe(a === b);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('an event with pseudonyms', () => {
  /** Letters that no word of ours has, so that a hit is a leak. */
  const name = fc.string({
    unit: fc.constantFrom('Q', 'X', 'Z', 'é', '%', '"', '\\', '/', '@', '€', '😀', '7', ' '),
    minLength: 4,
    maxLength: 12,
  });
  const number = fc.integer({ min: 700_000_000, max: 799_999_999 });
  const texts = ['event', 'path', 'user_agent', 'request_id', 'iss', 'jti', 'file', 'kid'] as const;

  test('holds no value of four characters or more that named somebody, and is an event', () => {
    fc.assert(
      fc.property(
        fc.oneof(name, number),
        name,
        name,
        fc.constantFrom(...texts),
        name,
        (id, email, ip, where, around) => {
          const values = [String(id), email, ip];
          const mention = `${around}.${values.join(' ')}.${encodeURIComponent(email)}`;
          const event = eventOf({
            user_id: id,
            user_id_type: typeof id === 'number' ? 'number' : 'string',
            email,
            ip,
            roles: ['admin', email],
            aud: [ip, 'api'],
            fields: { [email]: id, seen: ip, note: `by ${String(id)}`, tries: 3 },
            [where]: mention,
          });
          const hidden = hide(event);
          const line = encodeEvent(hidden);
          const raw = JSON.stringify(Object.values(JSON.parse(line) as object));
          for (const value of values) {
            expect(line).not.toContain(value);
            expect(raw).not.toContain(JSON.stringify(value).slice(1, -1));
            expect(line.toLowerCase()).not.toContain(encodeURIComponent(email).toLowerCase());
          }
          isEvent(JSON.parse(line));
          expect(isEvent.errors).toBeNull();
          expect(hidden).toEqual(hide(event));
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  test('says the same of a user wherever it is mentioned', () => {
    const hidden = hide(
      eventOf({
        user_id: 12345,
        user_id_type: 'number',
        email: 'ada@example.com',
        ip: '192.0.2.7',
        event: 'User 12345 logged in from 192.0.2.7',
        path: '/users/12345/mail?to=ada%40example.com',
        user_agent: 'curl/8',
        fields: { account: 12345, forwarded: '192.0.2.7, 10.0.0.1' },
      }),
    ) as RecordedEvent;
    const user = pseudonyms.user(12345, 'number');
    const ip = pseudonyms.ip('192.0.2.7');
    expect(hidden).toMatchObject({
      user_id: user,
      user_id_type: 'string',
      email: pseudonyms.email('ada@example.com'),
      ip,
      event: `User ${user} logged in from ${ip}`,
      path: `/users/${user}/mail?to=${pseudonyms.email('ada@example.com')}`,
      user_agent: 'curl/8',
      fields: { account: user, forwarded: `${ip}, 10.0.0.1` },
    });
  });

  test('keeps an address whole that begins with the id of its user', () => {
    const email = 'adal@example.com';
    const { event } = hide(
      eventOf({ user_id: 'adal', user_id_type: 'string', email, event: `mail for ${email}` }),
    );
    expect(event).toBe(`mail for ${pseudonyms.email(email)}`);
  });

  test('a short value is replaced where it stands alone only', () => {
    const { path, event } = hide(
      eventOf({ user_id: 7, user_id_type: 'number', path: '/v17/77/7', event: '7: a7 7b 7' }),
    );
    const user = pseudonyms.user(7, 'number');
    expect(path).toBe(`/v17/77/${user}`);
    expect(event).toBe(`${user}: a7 7b ${user}`);
  });

  test('keeps what names nobody, and what is nobody', () => {
    const plain = eventOf({ event: 'started', path: '/', status: 200 });
    expect(hide(plain)).toEqual(plain);
    const empty = eventOf({ user_id: '', user_id_type: 'string' });
    expect(hide(empty)).toEqual(empty);
  });

  test('numbers that mean themselves stay, whoever has the same number as an id', () => {
    const event = { ...eventOf({ user_id: 200, user_id_type: 'number' }), line: 200, status: 200 };
    expect(hide(event)).toMatchObject({ line: 200, status: 200 });
  });

  test('loses the hashes of a chain: who guesses an address could see that the guess is right', () => {
    const chained = { ...eventOf({ ip: '192.0.2.7' }), seq: 3, prev: 'A'.repeat(43), hash: 'B' };
    const hidden = hide(chained) as AuthEvent & { readonly seq: number };
    expect(Object.keys(hidden)).not.toContain('hash');
    expect(Object.keys(hidden)).not.toContain('prev');
    expect(hidden.seq).toBe(3);
  });

  test('members nested without end are cut off', () => {
    let deep: unknown = 'ada-lovelace';
    for (let n = 0; n < 20_000; n++) deep = [deep];
    const event = { ...eventOf({ user_id: 'ada-lovelace', user_id_type: 'string' }), deep };
    expect(encodeEvent(hide(event))).not.toContain('lovelace');
  });
});
