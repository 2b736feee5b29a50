import { describe, expect, test } from 'vitest';
import { Identities } from '../../src/verify/identities.ts';
import type { Identity } from '../../src/verify/identity.ts';

const user = (userId: string | number, more: Partial<Identity> = {}): Identity => ({
  userIdType: typeof userId === 'number' ? 'number' : 'string',
  userId,
  email: null,
  roles: [],
  ...more,
});

describe('Identities', () => {
  test('an identity keeps its number, and no other one gets it', () => {
    const identities = new Identities();
    const people = Array.from({ length: 5000 }, (_, i) =>
      user(`u${i % 1700}`, { email: `${i % 2}@example.com`, roles: [`r${i % 3}`] }),
    );
    const numbers = people.map((one) => identities.numberOf(one));
    expect(people.map((one) => identities.numberOf({ ...one }))).toEqual(numbers);
    const told = new Map(people.map((one, i) => [JSON.stringify(one), numbers[i]]));
    expect(new Set(numbers).size).toBe(told.size);
  });

  test('the number 1 and the string "1" are two identities, and so is each way to name nobody', () => {
    const identities = new Identities();
    const people = [
      user(1),
      user('1'),
      user('', { userIdType: 'string' }),
      user('', { userIdType: 'none', userId: null }),
      user('', { userIdType: 'non_string', userId: null }),
    ];
    expect(people.map((one) => identities.numberOf(one))).toEqual([0, 1, 2, 3, 4]);
  });

  test('another e-mail, other roles or another order of them make another identity', () => {
    const identities = new Identities();
    const people = [
      user('a'),
      user('a', { email: 'x' }),
      user('a', { roles: ['x'] }),
      user('a', { roles: ['x', 'y'] }),
      user('a', { roles: ['y', 'x'] }),
    ];
    expect(people.map((one) => identities.numberOf(one))).toEqual([0, 1, 2, 3, 4]);
  });

  test('hands each one over once, in the order of the numbers, behind those that the kernel spells', () => {
    const identities = new Identities();
    const [a, b] = [user('a'), user('b')];
    const spelled = { count: 3, bytes: new Uint8Array(96) };
    identities.addSpellings(spelled);
    expect([a, b, a].map((one) => identities.numberOf(one))).toEqual([3, 4, 3]);
    const fresh = { firstIdentity: 0, newSpellings: spelled, newIdentities: [a, b] };
    expect(identities.takeFresh()).toEqual(fresh);
    expect(identities.next).toBe(5);
    expect(identities.takeFresh()).toMatchObject({ newSpellings: { count: 0 }, newIdentities: [] });
  });

  test.each<[string, (identities: Identities, from: number, to: number) => void]>([
    [
      'numbered',
      (identities, from, to) => {
        for (let i = from; i < to; i++) identities.numberOf(user(i));
      },
    ],
    [
      'spelled',
      (identities, from, to) =>
        identities.addSpellings({ count: to - from, bytes: new Uint8Array(0) }),
    ],
  ])('starts over between blocks when 131,072 were %s, and numbers go on', (_way, add) => {
    const identities = new Identities();
    add(identities, 0, 131_071);
    expect(identities.startOverIfFull(false)).toBe(false);
    expect(identities.numberOf(user(131_071))).toBe(131_071);
    expect([identities.takeFresh().firstIdentity, identities.knows(0)]).toEqual([0, true]);
    expect(identities.startOverIfFull(false)).toBe(true);
    expect(identities.takeFresh().firstIdentity).toBe(131_072);
    expect(identities.knows(131_071)).toBe(false);
    expect(identities.numberOf(user(5))).toBe(131_072);
    expect(identities.startOverIfFull(false)).toBe(false);
  });

  test('starts over when the caller is full, whatever it holds itself', () => {
    const identities = new Identities();
    identities.numberOf(user('a'));
    expect(identities.startOverIfFull(true)).toBe(true);
    expect([identities.next, identities.numberOf(user('b'))]).toEqual([1, 1]);
  });

  test.each<[string, Partial<Identity>]>([
    ['user ids', { userId: 'x'.repeat(1 << 20) }],
    ['e-mails', { email: 'x'.repeat(1 << 20) }],
    ['roles', { roles: ['x'.repeat(1 << 19), 'y'.repeat(1 << 19)] }],
  ])('starts over when %s take 16 million characters', (_name, more) => {
    const identities = new Identities();
    for (let i = 0; i < 15; i++)
      identities.numberOf({ ...user(i, more), userId: `${more.userId ?? ''}${i}` });
    expect(identities.startOverIfFull(false)).toBe(false);
    identities.numberOf(user('last', more));
    expect(identities.startOverIfFull(false)).toBe(true);
    expect(identities.startOverIfFull(false)).toBe(false);
  });

  test('starts over when spellings take 16 million bytes', () => {
    const identities = new Identities();
    identities.addSpellings({ count: 1, bytes: new Uint8Array((16 << 20) - 1) });
    expect(identities.startOverIfFull(false)).toBe(false);
    identities.numberOf(user('a'));
    expect(identities.startOverIfFull(false)).toBe(true);
  });
});
