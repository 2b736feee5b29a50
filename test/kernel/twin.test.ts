import { describe, expect, test } from 'vitest';
import { prepareZone } from '../../src/source/fields/zone.ts';
import { createRandom } from '../oracle/random.ts';
import { SECRET } from '../support/tokens.ts';
import { randomBlock } from './random-lines.ts';
import { OTHER_SECRET, TokenSource } from './random-tokens.ts';
import { ringOf, secretKey, takeTaken, Twins, type Setup } from './twins.ts';

const NAMED_RING = ringOf(
  secretKey('first', SECRET, { kid: 'first' }),
  secretKey('second', OTHER_SECRET, { kid: 'second' }),
);
const RETIRED_RING = ringOf(
  secretKey('first', SECRET, { kid: 'first', notAfter: 1_695_376_801 }),
  secretKey('secret', OTHER_SECRET, { algs: ['HS256', 'HS512'] }),
);
const MANY_KEYS = ringOf(
  ...Array.from({ length: 20 }, (_, i) => secretKey(`s${i}`, i === 14 ? SECRET : `no ${i}`)),
);

interface Case {
  readonly name: string;
  readonly setup: Setup;
  /** Of the tokens of a plain log, the part that the kernel must judge. */
  readonly share: number;
}

const CASES: readonly Case[] = [
  { name: 'one secret', setup: {}, share: 0.55 },
  { name: 'the clock at now', setup: { policy: { clock: 'now' } }, share: 0.55 },
  { name: 'a leeway', setup: { policy: { leeway: 1.5 } }, share: 0.55 },
  { name: 'padding allowed', setup: { policy: { allowPadding: true } }, share: 0.55 },
  { name: 'short tokens only', setup: { policy: { maxToken: 150 } }, share: 0.1 },
  { name: 'very long tokens', setup: { policy: { maxToken: 1 << 20 } }, share: 0.55 },
  {
    name: 'own user claims',
    setup: { policy: { userClaims: ['tenant', 'x', 'email', ''] } },
    share: 0.55,
  },
  {
    name: 'dates and roles as user claims',
    setup: { policy: { userClaims: ['exp', 'roles', 'role', 'sub', 'iat'] } },
    share: 0.1,
  },
  { name: 'no user claims', setup: { policy: { userClaims: [] } }, share: 0.55 },
  { name: 'another zone', setup: { zone: 'America/New_York' }, share: 0.55 },
  { name: 'named keys', setup: { ring: NAMED_RING }, share: 0.55 },
  {
    name: 'two keys',
    setup: { ring: ringOf(secretKey('secret', OTHER_SECRET), secretKey('secret-2', SECRET)) },
    share: 0.55,
  },
  { name: 'twenty keys', setup: { ring: MANY_KEYS }, share: 0.55 },
  { name: 'a key that is in use at times', setup: { ring: RETIRED_RING }, share: 0.1 },
  {
    name: 'a key for one algorithm',
    setup: { ring: ringOf(secretKey('secret', SECRET, { algs: ['HS384'] })) },
    share: 0.05,
  },
];

const FEW = ['{"alg":"ALG"}', '{"alg":"ALG","typ":"JWT"}', '{"alg":"ALG","kid":"second"}'];

interface Kind {
  readonly name: string;
  readonly tokens: number;
  /** One token in so many is mutated, one line in so many is not of the article's format. */
  readonly mutated: number;
  readonly odd: number;
  readonly headers?: readonly string[];
}

const PLAIN: Kind = { name: 'plain logs', tokens: 28_000, mutated: 12, odd: 40, headers: FEW };
const KINDS: readonly Kind[] = [
  PLAIN,
  { name: 'logs of many formats', tokens: 22_000, mutated: 20, odd: 1, headers: FEW },
  { name: 'logs in which nothing is as usual', tokens: 18_000, mutated: 2, odd: 1 },
];

const ENDS = [{}, {}, {}, { cut: true }, { torn: true }];

/** Judges random blocks by both ways; returns how many tokens there were. */
const judgeRandomly = (twins: Twins, kind: Kind, seed: number): number => {
  const random = createRandom(seed);
  const source = new TokenSource(random, kind);
  let made = 0;
  while (made < kind.tokens) {
    const wanted = 1 + random.below(700);
    const { bytes, tokens } = randomBlock(random, wanted, kind.odd, () => source.next());
    twins.judge(bytes, random.pick(ENDS));
    made += tokens;
  }
  return made;
};

// A million tokens in all.
describe.each(CASES.map((one, index) => ({ ...one, index })))(
  'with $name the kernel and its slow twin say the same',
  ({ setup, share, index }) => {
    test.each(KINDS)('of $name', async (kind) => {
      await prepareZone(setup.zone ?? 'UTC');
      takeTaken();
      const made = judgeRandomly(new Twins(setup), kind, 7515 + index * KINDS.length);
      const { tokens, givenUp } = takeTaken();
      expect(tokens / made).toBeGreaterThan(kind === PLAIN ? share : 0);
      expect(givenUp).toBe(0);
    });
  },
);

test.each([
  [
    'more user claims than it has room for',
    { userClaims: Array.from({ length: 300 }, (_, i) => `c${i}`) },
  ],
  ['a user claim longer than its names', { userClaims: ['c'.repeat(97), 'sub'] }],
  ['issuers', { issuers: ['a'] }],
  ['audiences', { audiences: ['a'] }],
])("with %s no token is the kernel's", (_name, policy) => {
  takeTaken();
  judgeRandomly(new Twins({ policy }), { ...PLAIN, tokens: 1000 }, 7515);
  expect(takeTaken().blocks).toBe(0);
});
