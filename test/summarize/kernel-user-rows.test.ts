import { describe, expect, test } from 'vitest';
import { columnsIn } from '../../src/judge/columns.ts';
import type { JudgedBlock } from '../../src/judge/judged.ts';
import { jsonChunksApart, renderJson } from '../../src/report/json.ts';
import { peopleOf } from '../../src/report/overview.ts';
import { summarize, type SummaryContext } from '../../src/summarize/summarize.ts';
import type { Tally } from '../../src/summarize/tally.ts';
import type { Identity } from '../../src/verify/identity.ts';
import { VERDICTS, VERIFIED } from '../../src/verify/verdict.ts';
import { createRandom, type Random } from '../oracle/random.ts';
import { randomUse } from './random-uses.ts';
import { bytesOf } from './spell.ts';
import { Twins } from './tally-twins.ts';
import { NOW, person, tokenOf } from './uses.ts';

const COUNTED = VERDICTS.filter((verdict) => VERIFIED.has(verdict));
const CONTEXT: SummaryContext = {
  policy: { now: NOW * 1000, clock: 'use' },
  zone: 'UTC',
  keys: [{ id: 'k', kty: 'oct', algs: ['HS256'] }],
  inputs: [],
  read: [],
  incomplete: [],
  notices: [],
  sort: 'tokens',
  searched: 'anything',
};

/** The values of user, e-mail and roles, as claims hold them. */
type Spelling = readonly [user: string, email: string, roles: string];

/** A block in which everybody is met for the first time: those who are spelled, then the others. */
const blockOf = (
  random: Random,
  spelled: readonly Spelling[],
  others: readonly Identity[],
  uses: number,
): JudgedBlock => {
  const people = spelled.length + others.length;
  const count = people + uses;
  const columns = columnsIn(new ArrayBuffer(count * 31), count);
  for (let i = 0; i < count; i++) {
    const { exp, time } = randomUse(random, 1, 1);
    columns.identities[i] = i < people ? i : random.below(people);
    columns.verdicts[i] = VERDICTS.indexOf(random.once(3) ? random.pick(COUNTED) : 'valid');
    columns.expiries[i] = exp!;
    columns.times[i] = time!;
    columns.fingerprints.set(tokenOf(random.below(count)), i * 2);
  }
  return {
    ...columns,
    count,
    lines: count,
    linesWithToken: count,
    linesSkipped: 0,
    firstIdentity: 0,
    newSpellings: { count: spelled.length, bytes: bytesOf(spelled) },
    newIdentities: others,
    notices: [],
    events: null,
  };
};

interface Written {
  readonly json: string;
  /** Users whom the kernel wrote, as far as its pieces tell, and pieces that others wrote. */
  readonly byKernel: number;
  readonly byOthers: number;
}

const writtenApart = (tally: Tally): Written => {
  const { apart } = tally;
  if (apart === null) throw new Error('no user is apart');
  const [head, ...pieces] = jsonChunksApart(summarize(tally, CONTEXT), apart);
  const rest = pieces.pop();
  const texts = pieces.map((piece) => Buffer.from(piece).toString());
  const ofKernel = texts.filter((_, at) => typeof pieces[at] !== 'string').join('');
  return {
    json: [head, ...texts, rest].join(''),
    byKernel: ofKernel.split('"expiry_state"').length - 1,
    byOthers: pieces.filter((piece) => typeof piece === 'string').length,
  };
};

/** What the kernel writes must be what is written of the tables. */
const expectSame = (blocks: readonly JudgedBlock[]): Written => {
  const { fast, slow } = new Twins();
  for (const [origin, block] of blocks.entries()) {
    fast.add(block, origin);
    slow.add(block, origin);
  }
  fast.settleApart();
  slow.settle();
  const summary = summarize(slow, CONTEXT);
  for (const count of [0, 3, 20]) {
    expect(fast.apart!.first(count)).toEqual(summary.users.slice(0, count));
  }
  expect(summarize(fast, CONTEXT).users).toEqual([]);
  expect(fast.apart!.people()).toEqual(peopleOf(summary));
  const written = writtenApart(fast);
  const json = renderJson(summary);
  // The difference of two long texts is no help to anybody.
  if (written.json !== json) expect(JSON.parse(written.json)).toEqual(JSON.parse(json));
  expect(written.json === json).toBe(true);
  return written;
};

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const EMAILS = ['', '""', '"a@example.com"', `"${'x'.repeat(67)}"`, `"${'x'.repeat(68)}"`];
const LISTS = ['', '""', '"r"', 'null', '7', 'true', '[]', '[""]', '["b","a"]', '["b","","a","b"]'];
const LONG = [`"${TOKEN}"`, `["z","${TOKEN}"]`, `["${'x'.repeat(67)}"]`, `["${'x'.repeat(68)}"]`];
const letters = (random: Random): string =>
  Array.from({ length: random.below(8) }, () => random.pick([...' !#[]az~0{}'])).join('');

const randomRoles = (random: Random): string =>
  random.once(9)
    ? random.pick(LONG)
    : random.once(2)
      ? random.pick(LISTS)
      : JSON.stringify(Array.from({ length: random.below(70) }, () => letters(random)));

const randomSpelling = (random: Random, user: string): Spelling => [
  user,
  random.once(9) ? `"${TOKEN}"` : random.pick(EMAILS),
  randomRoles(random),
];

describe('users whom the kernel writes', () => {
  test.each(Array.from({ length: 40 }, (_, i) => i + 1))('random people, seed %i', (seed) => {
    const random = createRandom(seed);
    const many = random.pick([1, 5, 60, 700]);
    const ids = new Set(Array.from({ length: many }, () => `"a${letters(random)}"`));
    for (let i = 0; i < many; i++) ids.add(String(random.below(random.pick([9, 1e4, 1e15]))));
    const spelled = [...ids, ''].map((user) => randomSpelling(random, user));
    const others = ['é', 'a"b', '\u2028', 'z'.repeat(90), -3, 1.5, 1e21].slice(0, many / 9);
    const block = blockOf(
      random,
      spelled,
      others.map((user) => person(user, { roles: ['é'] })),
      many * random.pick([0, 1, 9]),
    );
    const { byKernel } = expectSame([block]);
    expect(byKernel).toBeGreaterThan(0);
  });

  test('none', () => {
    expect(expectSame([])).toMatchObject({ byKernel: 0, byOthers: 0 });
  });

  test('so many that their text comes in pieces, some of which others write', () => {
    const random = createRandom(4);
    const spelled = Array.from({ length: 5000 }, (_, i): Spelling => {
      const roles = i % 1000 === 0 ? `["${'x'.repeat(80)}"]` : '["user","admin"]';
      return [`"${i.toString(36)}"`, '"a@example.com"', roles];
    });
    const others = Array.from({ length: 100 }, (_, i) => person(`é${i}`));
    expect(expectSame([blockOf(random, spelled, others, 20_000)])).toMatchObject({
      byKernel: 4995,
      byOthers: 105,
    });
  });

  test('seen on the first and last days of the months around a leap day, and of every year', () => {
    const days = Array.from({ length: 10_000 }, (_, year) =>
      ['01-01', '02-28', '02-29', '03-01', '12-31'].map((day) =>
        Date.parse(`${String(year).padStart(4, '0')}-${day}T00:00:00Z`),
      ),
    ).flat();
    const spelled = days.map((_, i): Spelling => [String(i), '', '']);
    const block = blockOf(createRandom(7), spelled, [], 0);
    block.times.set(days);
    expect(expectSame([block])).toMatchObject({ byKernel: 50_000, byOthers: 0 });
  });

  test('whose e-mail or roles another judge saw change', () => {
    const random = createRandom(5);
    const spellings = (email: string): Spelling[] =>
      Array.from({ length: 50 }, (_, i) => [`"u${i}"`, i < 5 ? email : '"same"', '["r"]']);
    const blocks = ['"old"', '"new"'].map((email) => blockOf(random, spellings(email), [], 99));
    const { json, byOthers } = expectSame(blocks);
    expect(byOthers).toBe(5);
    expect(json).not.toContain('"old"');
  });
});

describe('users whom the tables write', () => {
  const settledApart = (spelled: readonly Spelling[], others: readonly Identity[]): Tally => {
    const { fast } = new Twins({ maxUsers: 10 });
    fast.add(blockOf(createRandom(6), spelled, others, 0), 0);
    fast.settleApart();
    return fast;
  };

  test.each([
    ['more than get a row', Array.from({ length: 11 }, (_, i): Spelling => [`${i}`, '', '']), []],
    ['more than a quarter with ids that are not plain', [['1', '', ''] as const], [person('é')]],
  ])('all, where there are %s', (_name, spelled, others) => {
    const { apart, users } = settledApart(spelled, others);
    expect(apart).toBeNull();
    expect(users.size).toBe(spelled.length + others.length);
    expect([...users.summaries(NOW)].every(({ tokens }) => tokens > 0)).toBe(true);
  });
});
