import { createHmac, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { Judge } from '../../src/judge/judge.ts';
import type { VerificationKey } from '../../src/keys/key.ts';
import { createRandom } from '../oracle/random.ts';
import { claims, logOf, NOW_S, SECRET, segment } from '../support/tokens.ts';
import { randomBlock } from './random-lines.ts';
import { TokenSource, type Signer } from './random-tokens.ts';
import { configOf, judgeLog, ringOf, secretKey, takeTaken, Twins, type Setup } from './twins.ts';

vi.mock('node:crypto', async (load) => {
  const crypto = await load<typeof import('node:crypto')>();
  return { ...crypto, verify: vi.fn(crypto.verify) };
});

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const OTHER_RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');

const publicKey = (
  id: string,
  key: KeyObject,
  kty: 'RSA' | 'EC' | 'OKP',
  algs: readonly string[],
  more: Partial<VerificationKey> = {},
): VerificationKey => ({
  ...secretKey(id, ''),
  kty,
  algs,
  secret: null,
  jwk: key.export({ format: 'jwk' }),
  ...more,
});

const RSA_ALGS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384'];
const KEYS = {
  rsa: publicKey('rsa', RSA.publicKey, 'RSA', RSA_ALGS),
  otherRsa: publicKey('other-rsa', OTHER_RSA.publicKey, 'RSA', RSA_ALGS),
  ec: publicKey('ec', EC.publicKey, 'EC', ['ES256']),
  ed: publicKey('ed', ED.publicKey, 'OKP', ['EdDSA', 'Ed25519']),
};

/** A signature of any algorithm that `KEYS` verify, or by the secret. */
const signed = (alg: string, input: string, isForged = false): string => {
  const data = Buffer.from(isForged ? `${input} ` : input);
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('HS')) return createHmac(hash, SECRET).update(data).digest('base64url');
  if (alg.startsWith('ES')) {
    return sign(hash, data, { key: EC.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url',
    );
  }
  if (alg.startsWith('Ed')) return sign(null, data, ED.privateKey).toString('base64url');
  const pss = { padding: 6, saltLength: Number(alg.slice(2)) / 8 };
  const key = { key: RSA.privateKey, ...(alg.startsWith('PS') && pss) };
  return sign(hash, data, key).toString('base64url');
};

const minted = (alg: string, payload: object, header: object = {}): string => {
  const input = `${segment({ alg, ...header })}.${segment(payload)}`;
  return `${input}.${signed(alg, input)}`;
};

const FEW = ['{"alg":"ALG"}', '{"alg":"ALG","typ":"JWT"}', '{"alg":"ALG","kid":"second"}'];

const CASES: readonly { name: string; setup: Setup; algs: readonly string[]; share: number }[] = [
  {
    name: 'RSA keys of which the second signed',
    setup: { ring: ringOf(KEYS.otherRsa, KEYS.rsa) },
    algs: ['RS256', 'RS384', 'RS512', 'PS256'],
    share: 0.5,
  },
  {
    name: 'keys of three kinds and a secret',
    setup: { ring: ringOf(KEYS.ec, KEYS.ed, KEYS.rsa, secretKey('secret', SECRET)) },
    algs: ['ES256', 'EdDSA', 'HS256', 'RS256', 'PS384', 'HS512'],
    share: 0.5,
  },
  {
    name: 'a named key',
    setup: { ring: ringOf({ ...KEYS.ec, kid: 'first' }, { ...KEYS.ed, kid: 'second' }) },
    algs: ['EdDSA', 'ES256'],
    share: 0.3,
  },
  {
    name: 'a key that is in use at times',
    setup: { ring: ringOf({ ...KEYS.ed, notAfter: 1_695_376_801 }) },
    algs: ['EdDSA'],
    share: 0,
  },
];

const KINDS = [
  { name: 'plain logs', tokens: 6000, mutated: 12, odd: 40, headers: FEW },
  { name: 'logs of many formats', tokens: 5000, mutated: 20, odd: 1, headers: FEW },
  { name: 'logs in which nothing is as usual', tokens: 5000, mutated: 2, odd: 1 },
];

describe.each(CASES.map((one, index) => ({ ...one, index })))(
  'with $name the kernel and its slow twin say the same',
  ({ setup, algs, share, index }) => {
    test.each(KINDS)('of $name', (kind) => {
      const random = createRandom(7518 + index);
      const signer: Signer = { algs, sign: signed };
      const source = new TokenSource(random, { ...kind, signer });
      const twins = new Twins(setup);
      takeTaken();
      let made = 0;
      while (made < kind.tokens) {
        const wanted = 1 + random.below(700);
        const { bytes, tokens } = randomBlock(random, wanted, kind.odd, () => source.next());
        twins.judge(bytes);
        made += tokens;
      }
      const { tokens, givenUp } = takeTaken();
      expect(tokens / made).toBeGreaterThanOrEqual(kind === KINDS[0] ? share : 0);
      expect(givenUp).toBe(0);
    });
  },
);

describe('tokens under public keys', () => {
  const ring = ringOf(KEYS.rsa, KEYS.ec, KEYS.ed);

  test.each(['RS256', 'RS384', 'RS512', 'ES256', 'EdDSA'])(
    "signed by %s are the kernel's, and verify as jose says",
    async (alg) => {
      const twins = new Twins({ ring });
      const tokens = Array.from({ length: 150 }, (_, i) => minted(alg, claims({ sub: i })));
      const forged = tokens.map((token, i) =>
        tokens[(i + 1) % 150]!.replace(/\..*\./, `.${token.split('.')[1]}.`),
      );
      const { judged, kernel } = twins.judge(logOf(...tokens, ...forged));
      expect(kernel).toBe(300);
      const { jwk } = ring.keys.find(({ algs }) => algs.includes(alg))!;
      for (const [i, token] of [...tokens, ...forged].entries()) {
        const isVerified = await compactVerify(token, { ...jwk, alg }).then(
          () => true,
          () => false,
        );
        expect(judged.verdicts[i]).toBe(isVerified ? 0 : 3);
        expect(judged.keys[i]).toBe(
          isVerified ? ring.keys.findIndex((key) => key.jwk === jwk) : -1,
        );
      }
    },
  );

  test('signed by PSS are left to the slow way, which tells a salt of another length', () => {
    const tokens = Array.from({ length: 20 }, (_, i) => minted('PS256', claims({ sub: i })));
    expect(new Twins({ ring }).judge(logOf(...tokens)).kernel).toBe(0);
  });

  test('that come again are checked once, in one block too', () => {
    const judge = new Judge(configOf({ ring }));
    const twins = new Twins({ ring });
    const random = createRandom(3);
    const tokens = Array.from({ length: 60 }, (_, i) => minted('ES256', claims({ sub: i })));
    const forged = tokens.map((token) => `${token.slice(0, -8)}AAAAAAAA`);
    vi.mocked(verify).mockClear();
    for (let round = 0; round < 3; round++) {
      const some = Array.from({ length: 2000 }, () =>
        random.pick(random.once(3) ? forged : tokens),
      );
      judgeLog(judge, logOf(...some));
    }
    // Once each, but for those of which four wait for their fingerprints together.
    expect(vi.mocked(verify).mock.calls.length).toBeGreaterThanOrEqual(120);
    expect(vi.mocked(verify).mock.calls.length).toBeLessThan(135);
    for (let round = 0; round < 3; round++) {
      const some = Array.from({ length: 2000 }, () => random.pick(round === 1 ? forged : tokens));
      expect(twins.judge(logOf(...some)).kernel).toBe(2000);
    }
  });

  test('at their own times', () => {
    const token = minted('EdDSA', { sub: 'ada', nbf: NOW_S - 60, exp: NOW_S });
    const at = (time: string): string => `2023-09-22 ${time},000 - Token: ${token}\n`;
    const twins = new Twins({ ring });
    for (let round = 0; round < 3; round++) {
      twins.judge(['09:00:00', '10:00:00', '11:59:59', '12:00:00', '13:00:00'].map(at).join(''));
    }
  });

  test('with no signature, a short one, a long one, one that is not canonical', () => {
    const token = minted('RS256', claims());
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const variants = [
      '',
      'A',
      'AA',
      'AB',
      'AAAA',
      'xxxx',
      'x'.repeat(32),
      'x'.repeat(33),
      signature.slice(0, -4),
      `${signature}AAAA`,
    ]
      .concat(`${signature.slice(0, -1)}_`, `${signature}A`, `${signature}=`, `${signature}*`)
      .concat('A'.repeat(2000), 'A'.repeat(6000), 'A'.repeat(9000));
    const twins = new Twins({ ring });
    for (const variant of variants) {
      twins.judge(logOf(`${header}.${payload}.${variant}`, token));
      twins.judge(`${header}.${payload}.${variant} ${token}\n`);
    }
  });

  test('so long, and so many in a line, that a batch has no room for all', () => {
    const twins = new Twins({ ring });
    const long = Array.from({ length: 70 }, (_, i) =>
      minted('EdDSA', { sub: i, pad: 'p'.repeat(100 * i) }),
    );
    twins.judge(logOf(...long));
    for (const count of [31, 32, 33, 63, 64, 65, 200]) {
      const line = Array.from({ length: count }, (_, i) => long[i % 30]!).join(' ');
      twins.judge(`${line}\n${line}\n`);
    }
  });

  test('more headers than are remembered: each keeps its keys', () => {
    const twins = new Twins({ ring });
    for (let round = 0; round < 3; round++) {
      const tokens = Array.from({ length: 90 }, (_, i) =>
        minted(['ES256', 'EdDSA', 'RS256'][i % 3]!, claims({ sub: i }), { kid: `k${i}` }),
      );
      twins.judge(logOf(...tokens));
      for (const token of tokens) twins.judge(logOf(token));
    }
  });
});
