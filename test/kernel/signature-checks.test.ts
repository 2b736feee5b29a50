import { createHash, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Judge, type JudgeConfig } from '../../src/judge/judge.ts';
import type { JudgedBlock } from '../../src/judge/judged.ts';
import type { VerificationKey } from '../../src/keys/key.ts';
import { createRandom } from '../oracle/random.ts';
import { claims, inputOf, logOf, mint, SECRET } from '../support/tokens.ts';
import { RSA_MODULE } from './fused.ts';
import { configOf, judgeLog, ringOf, secretKey, Twins } from './twins.ts';

vi.mock('node:crypto', async (load) => {
  const crypto = await load<typeof import('node:crypto')>();
  return { ...crypto, verify: vi.fn(crypto.verify) };
});

beforeEach(() => {
  vi.mocked(verify).mockClear();
});

const asked = (): number => vi.mocked(verify).mock.calls.length;

const pairOf = (
  id: string,
  modulusLength = 2048,
): { readonly key: VerificationKey; readonly privateKey: KeyObject } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const jwk = publicKey.export({ format: 'jwk' });
  const algs = ['RS256', 'RS384', 'RS512'];
  return {
    key: { ...secretKey(id, ''), kid: id, kty: 'RSA', algs, secret: null, jwk },
    privateKey,
  };
};

const [FIRST, SECOND, LONG] = [pairOf('first'), pairOf('second'), pairOf('long', 3072)];

const tokenOf = (
  pair: typeof FIRST,
  payload: object,
  alg = 'RS256',
  header: object = {},
): string => {
  const input = inputOf(payload, { alg, kid: pair.key.id, ...header });
  return `${input}.${sign(`sha${alg.slice(2)}`, Buffer.from(input), pair.privateKey).toString('base64url')}`;
};

const tokensOf = (pair: typeof FIRST, count: number, from = 0, pad = 0): string[] =>
  Array.from({ length: count }, (_, i) =>
    tokenOf(pair, claims({ sub: `user ${from + i}`, pad: 'x'.repeat((i * 37) % (pad + 1)) })),
  );

/** The same with the signature of the next. */
const swapped = (tokens: readonly string[]): string[] =>
  tokens.map((token, i) =>
    token.replace(/[^.]*$/, tokens[(i + 1) % tokens.length]!.split('.')[2]!),
  );

const judged = (config: JudgeConfig, ...logs: readonly string[]): JudgedBlock[] => {
  const judge = new Judge(config);
  return logs.map((log) => judgeLog(judge, log));
};

describe.skipIf(RSA_MODULE === null)('RS256 signatures under one key', () => {
  const ring = ringOf(FIRST.key);
  const tokens = tokensOf(FIRST, 1200, 0, 900);

  test('are checked two at a time once there are many, and node:crypto is asked about few', () => {
    const [block] = judged(configOf({ ring }), logOf(...tokens));
    expect([...block!.verdicts.subarray(0, 1200)]).toEqual(Array(1200).fill(0));
    // 256 before it pays, to the end of their batch, and one where a batch has an odd number.
    expect(asked()).toBeGreaterThanOrEqual(256);
    expect(asked()).toBeLessThan(256 + 64 + 1200 / 16);
  });

  test('are all its own without the file for RSA', () => {
    judged({ ...configOf({ ring }), rsa: null }, logOf(...tokens));
    expect(asked()).toBe(1200);
  });

  test('and so are those of few, and of other algorithms, and under other keys', () => {
    judged(configOf({ ring }), logOf(...tokens.slice(0, 250)));
    expect(asked()).toBe(250);
    vi.mocked(verify).mockClear();
    const some = Array.from({ length: 400 }, (_, i) => tokenOf(FIRST, claims({ sub: i }), 'RS512'));
    judged(configOf({ ring }), logOf(...some));
    expect(asked()).toBe(400);
    vi.mocked(verify).mockClear();
    judged(configOf({ ring: ringOf(LONG.key) }), logOf(...tokensOf(LONG, 400)));
    expect(asked()).toBe(400);
  });

  test('that are forged are told so by node:crypto', () => {
    const forged = swapped(tokens);
    const log = logOf(...tokens, ...forged);
    const [block] = judged(configOf({ ring }), log);
    expect([...block!.verdicts.subarray(0, 1200)]).toEqual(Array(1200).fill(0));
    expect([...block!.verdicts.subarray(1200, 2400)]).toEqual(Array(1200).fill(3));
    expect(asked()).toBeGreaterThanOrEqual(1200 + 256);
    new Twins({ ring }).judge(log);
  });

  test('one forged among good ones, and one good among forged ones, in both places of a pair', () => {
    const forged = swapped(tokens);
    const twins = new Twins({ ring });
    twins.judge(logOf(...tokens.slice(0, 300)));
    for (let at = 300; at < 340; at++) {
      const some = tokens.slice(300, 340);
      some[at - 300] = forged[at]!;
      const { judged: told } = twins.judge(logOf(...some));
      expect([...told.verdicts.subarray(0, 40)].filter((verdict) => verdict === 3).length).toBe(1);
      const others = forged.slice(300, 340);
      others[at - 300] = tokens[at]!;
      twins.judge(logOf(...others));
    }
  });

  test('and what jose says of them, whatever became of signatures', async () => {
    const random = createRandom(2313);
    const changed = tokens.slice(300, 900).map((token) => {
      if (random.once(3)) return token;
      const [header, payload, signature] = token.split('.') as [string, string, string];
      const bytes = Buffer.from(signature, 'base64url');
      const hash = createHash('sha256').update(`${header}.${payload}`).digest();
      const other = random.pick([
        bytes.subarray(1),
        Buffer.concat([bytes, bytes]),
        // As the right one lies in memory.
        Buffer.concat([bytes, hash]),
        bytes.map((byte) => byte ^ Number(random.once(256))),
      ]);
      return `${header}.${payload}.${Buffer.from(other).toString('base64url')}`;
    });
    const [, block] = judged(configOf({ ring }), logOf(...tokens.slice(0, 300)), logOf(...changed));
    for (const [i, token] of changed.entries()) {
      const isVerified = await compactVerify(token, { ...FIRST.key.jwk!, alg: 'RS256' }).then(
        () => true,
        () => false,
      );
      expect(block!.verdicts[i], token).toBe(isVerified ? 0 : 3);
    }
  });
});

describe('the kernel and its slow twin say the same of logs', () => {
  const good = [tokensOf(FIRST, 700, 0, 300), tokensOf(SECOND, 700, 700, 4000)] as const;
  const others = [
    ...tokensOf(LONG, 60),
    ...Array.from({ length: 60 }, (_, i) => tokenOf(FIRST, claims({ sub: i }), 'RS384')),
    ...Array.from({ length: 60 }, (_, i) => mint(claims({ sub: i }), { secret: SECRET })),
    ...Array.from({ length: 60 }, (_, i) =>
      tokenOf(FIRST, claims({ sub: i }), 'RS256', { kid: `k${i}` }),
    ),
    ...swapped(tokensOf(SECOND, 60)),
  ];
  const ring = ringOf(FIRST.key, SECOND.key, LONG.key, secretKey('secret', SECRET));

  test.each([1, 2, 3, 7, 32, 33, 200])('in blocks of %i tokens, of two keys and others', (size) => {
    const random = createRandom(size);
    const twins = new Twins({ ring });
    const all = Array.from({ length: 2600 }, () =>
      random.once(6) ? random.pick(others) : random.pick(good[random.below(2)]!),
    );
    for (let from = 0; from < all.length; from += size) {
      const some = all.slice(from, from + size);
      twins.judge(random.once(3) ? `${some.join(' ')}\n` : logOf(...some));
    }
    expect(asked()).toBeGreaterThan(0);
  });
});
