import { expect, test } from 'vitest';
import { Identities } from '../../src/verify/identities.ts';
import { bytesOf } from './spell.ts';
import { Twins } from './tally-twins.ts';
import { NOW, person, Uses } from './uses.ts';

const TOKEN = `eyJhbGciOiJIUzI1NiJ9.${'e30'.padEnd(20, 'A')}.`;

/** A block of two uses of each identity that is spelled, verified and not; the first has the number `first`. */
const blockOf = (spellings: readonly (readonly string[])[], first = 0) => {
  const identities = new Identities();
  identities.addSpellings({ count: spellings.length, bytes: bytesOf(spellings) });
  const uses = spellings.flatMap(() => [
    { who: null },
    { who: null, verdict: 'bad_signature' as const },
  ]);
  const block = new Uses().block(uses, identities.takeFresh());
  for (let at = 0; at < uses.length; at++) block.identities[at] = first + (at >> 1);
  return block;
};

test.each([
  ['whole numbers', ['7', '-7', '0', '-0', '70'], [7, -7, 0, 70]],
  ['numbers and texts of the same letters', ['7', '"7"'], [7, '7']],
  ['texts that begin alike', ['"a"', '"ab"', '"abcdefghijklmnop"', '"abcdefghijklmnoq"'], 4],
  ['long texts', [`"${'x'.repeat(67)}"`, `"${'x'.repeat(68)}"`, `"${'x'.repeat(300)}"`], 3],
  [
    'tokens: their signatures are not told, so they are one user',
    [`"${TOKEN}${'A'.repeat(43)}"`, `"${TOKEN}${'B'.repeat(43)}"`],
    [`${TOKEN}[signature removed]`],
  ],
])('spelled users, %s', (_name, texts, expected) => {
  const twins = new Twins();
  twins.add(blockOf(texts.map((text) => [text, '', ''])), 0);
  // Another judge spells them too, in another order.
  twins.add(blockOf(texts.toReversed().map((text) => [text, '', ''])), 1);
  const tally = twins.settled();
  const users = [...tally.users.summaries(NOW)].map((user) => user.user_id);
  if (typeof expected === 'number') expect(users).toHaveLength(expected);
  else expect(users.map((id) => (id === 0 ? 0 : id))).toEqual(expected);
  expect(tally.unverified.summaries()).toHaveLength(users.length);
});

test('a spelled user whom the slow way has met first is the same one', () => {
  const twins = new Twins();
  const slow = new Uses();
  const ids = ['ada', 'bob "the" builder', 12, -3];
  // NUL keeps these from being spelled.
  const uses = ids.map((id) => ({ who: person(id, { email: '\0' }) }));
  twins.add(slow.block(uses), 0);
  twins.add(slow.block(uses.map((use) => ({ ...use, verdict: 'bad_signature' }))), 0);
  twins.add(
    blockOf([
      ['"ada"', '', ''],
      ['12', '"n@example.com"', '["a"]'],
      ['-3', '', ''],
    ]),
    1,
  );
  const tally = twins.settled();
  expect([...tally.users.summaries(NOW)].map((user) => [user.user_id, user.tokens])).toEqual([
    ['ada', 2],
    ['bob "the" builder', 1],
    [12, 2],
    [-3, 2],
  ]);
  expect(tally.unverified.summaries()).toHaveLength(4);
});

test('spellings for which there is no room are the slow way’s, and so is whoever may be one of them', () => {
  const twins = new Twins();
  // Two who are spelled in time, and come late.
  const late = blockOf(['late', 'claimed'].map((id) => [`"${id}"`, '', '']));
  twins.add({ ...late, count: 0 }, 0);
  // More than the kernel keeps, by and by to the last byte.
  const sizes = [5 << 20, 1 << 19, 1 << 16, 1 << 12, 1 << 8, 16].flatMap((size) =>
    Array.from({ length: 20 }, () => size),
  );
  for (const [i, size] of sizes.entries()) {
    const roles = JSON.stringify(['r'.repeat(size)]);
    twins.add(
      blockOf(
        [
          [`"u${i}"`, '', roles],
          [String(i % 3), '', ''],
        ],
        i * 2,
      ),
      1,
    );
  }
  const slow = [
    { who: person('late', { email: '\0' }) },
    { who: person('claimed', { email: '\0' }), verdict: 'bad_signature' as const },
  ];
  twins.add(new Uses().block(slow), 2);
  const uses = slow.map((use) => ({ ...use, who: null }));
  const block = new Uses().block(uses);
  block.identities.set([0, 1]);
  twins.add(block, 0);
  const tally = twins.settled();
  expect([...tally.users.summaries(NOW)]).toHaveLength(124);
  const claimed = tally.unverified.summaries().find((user) => user.user_id === 'claimed');
  expect(claimed?.tokens).toBe(2);
});
