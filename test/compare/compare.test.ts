import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCounts } from '../../src/compare/compare.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import { WindowCounts } from '../../src/compare/window-counts.ts';
import type { AuthEvent } from '../../src/event/event.ts';
import { eventWith } from '../store/random-events.ts';

const DAY = 86_400_000;
const SINCE = Date.UTC(2026, 10, 15);
const WEEKS = { start: SINCE - 7 * DAY, since: SINCE, until: SINCE + 7 * DAY };
const THRESHOLD = { growth: 2, least: 10 };

const at = (time: number, members: Partial<AuthEvent> = {}): AuthEvent =>
  eventWith('E1', { time: new Date(time).toISOString(), ...members });
const older = (members: Partial<AuthEvent> = {}): AuthEvent => at(SINCE - 1, members);
const newer = (members: Partial<AuthEvent> = {}): AuthEvent => at(SINCE, members);
const times = (count: number, event: AuthEvent): readonly AuthEvent[] =>
  Array.from({ length: count }, () => event);

type Found = Pick<Comparison, 'users' | 'issuers' | 'verdicts' | 'keys'>;

const compared = (events: readonly AuthEvent[], windows = WEEKS, mostNames?: number): Found => {
  const counts = new WindowCounts(windows, mostNames);
  for (const event of events) counts.add(event);
  return compareCounts(counts, THRESHOLD);
};

/** What becomes of a user with so many tokens in each window. */
const stateOf = (before: number, now: number, windows = WEEKS): string => {
  const events = [...times(before, older()), ...times(now, newer())];
  return compared(events, windows).users.entries[0]?.state ?? 'steady';
};

describe('a name', () => {
  test.each([
    [0, 1, 'new'],
    [1, 0, 'gone'],
    [10, 19, 'steady'],
    [10, 20, 'grown'],
    [9, 18, 'steady'],
    [30, 45, 'steady'],
    [20, 10, 'shrunk'],
    [19, 10, 'steady'],
    [18, 9, 'steady'],
  ])('with %i tokens before and %i now is %s', (before, now, state) => {
    expect(stateOf(before, now)).toBe(state);
  });

  test('with twice the tokens in twice the time has not grown', () => {
    const long = { ...WEEKS, start: SINCE - 3.5 * DAY };
    expect(stateOf(100, 200, long)).toBe('steady');
    expect(stateOf(100, 400, long)).toBe('grown');
    expect(stateOf(100, 100, long)).toBe('shrunk');
    expect(compared([...times(100, older()), ...times(400, newer())], long).users.entries).toEqual([
      {
        user_id: 'alice',
        user_id_type: 'string',
        state: 'grown',
        older: 100,
        newer: 400,
        change: 200,
        factor: 2,
      },
    ]);
  });

  test('counts from the first moment of its window to the last', () => {
    const { users } = compared([
      at(WEEKS.start - 1, { user_id: 'too early' }),
      at(WEEKS.start, { user_id: 'first' }),
      at(WEEKS.until - 1, { user_id: 'last' }),
      at(WEEKS.until, { user_id: 'too late' }),
      eventWith('E1', { user_id: 'no time' }),
    ]);
    expect(users.entries.map(({ user_id: id, state }) => [id, state])).toEqual([
      ['last', 'new'],
      ['first', 'gone'],
    ]);
  });

  test('comes back as it was: 1, "1", numbers that are too large, none', () => {
    const ids: readonly Partial<AuthEvent>[] = [
      { user_id: 1, user_id_type: 'number' },
      { user_id: '1', user_id_type: 'string' },
      { user_id: 1.5, user_id_type: 'number' },
      { user_id: '90071992547409931', user_id_type: 'number' },
      { user_id: '1e400', user_id_type: 'number' },
      { user_id: '', user_id_type: 'string' },
      { user_id: null, user_id_type: 'none' },
      { user_id: null, user_id_type: 'non_string' },
    ];
    const { users } = compared(ids.map((id) => newer(id)));
    const found = users.entries.map(({ user_id, user_id_type }) => ({ user_id, user_id_type }));
    expect(found).toHaveLength(ids.length);
    expect(found).toEqual(expect.arrayContaining([...ids]));
  });
});

describe('tokens', () => {
  test('that did not verify name nobody and count as verdicts', () => {
    const { users, issuers, keys, verdicts } = compared([
      newer({ verdict: 'bad_signature', user_id: 'mallory', iss: 'https://evil', key: 'k' }),
      newer({ verdict: 'expired', user_id: 'ada', iss: 'https://id', key: 'k' }),
      newer({ verdict: null, token_id: null, user_id: 'no token' }),
    ]);
    expect(users.entries.map(({ user_id: id }) => id)).toEqual(['ada']);
    expect(issuers.entries.map(({ iss }) => iss)).toEqual(['https://id']);
    expect(keys.entries.map(({ key, newer: count }) => [key, count])).toEqual([['k', 1]]);
    expect(verdicts.entries.map(({ verdict }) => verdict).toSorted()).toEqual([
      'bad_signature',
      'expired',
    ]);
  });

  test('without an issuer are not those of the issuer "-"', () => {
    const { issuers } = compared([newer({ iss: '-' }), newer(), newer({ iss: '' })]);
    expect(new Set(issuers.entries.map(({ iss }) => iss))).toEqual(new Set(['-', null, '']));
  });

  test('verdicts are listed also where nothing changed', () => {
    const { verdicts } = compared([older(), newer()]);
    expect(verdicts.entries).toEqual([
      { verdict: 'valid', state: 'steady', older: 1, newer: 1, change: 0, factor: 1 },
    ]);
  });
});

test('of too many names the first are told exactly, the others not at all', () => {
  const counts = new WindowCounts(WEEKS, 4);
  const users = ['a', 'b', 'c', 'd', 'e', 'a'];
  for (const id of users) counts.add(newer({ user_id: id, key: null }));
  const { users: found, verdicts } = compareCounts(counts, THRESHOLD);
  // The issuer and three users found room.
  expect(found.entries.map(({ user_id: id, newer: n }) => [id, n])).toEqual([
    ['a', 2],
    ['b', 1],
    ['c', 1],
  ]);
  expect(counts.leftOut).toBe(2);
  expect(verdicts.entries[0]?.newer).toBe(6);
});

test('sums add up, whatever came in which order', () => {
  const user = fc.constantFrom('a', 'b', 'c', 'd');
  const use = fc.tuple(user, fc.integer({ min: -10, max: 9 }));
  fc.assert(
    fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
      const events = uses.map(([id, half]) => at(SINCE + half * (DAY / 2), { user_id: id }));
      const found = compared(events);
      expect(compared(events.toReversed())).toEqual(found);
      const { users } = found;
      const ofUser = (id: string, isNewer: boolean): number =>
        uses.filter(([name, half]) => name === id && half >= 0 === isNewer).length;
      for (const entry of users.entries) {
        expect(entry.older).toBe(ofUser(String(entry.user_id), false));
        expect(entry.newer).toBe(ofUser(String(entry.user_id), true));
      }
      const changes = users.entries.map(({ change }) => Math.abs(change));
      expect(changes).toEqual(changes.toSorted((a, b) => b - a));
      expect(users.newer - users.older).toBe(users.new - users.gone);
    }),
    { seed: 11, numRuns: 100 },
  );
});
