import { createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as jose from 'jose';
import { describe, expect, test } from 'vitest';
import type { KeyRing } from '../../src/keys/key.ts';
import { nodeKeyIo } from '../../src/keys/io.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { SpanKind, Spans } from '../../src/scan/spans.ts';
import type { Judgement } from '../../src/verify/judgement.ts';
import { Identities } from '../../src/verify/identities.ts';
import { DEFAULT_USER_CLAIMS, type Policy } from '../../src/verify/policy.ts';
import { Verifier } from '../../src/verify/verifier.ts';
import { hmac, KEYS, SECRET } from '../support/tokens.ts';
import { randomToken, type Sign } from './mutations.ts';
import { createRandom } from './random.ts';
import { readStrictly, type StrictToken } from './strict.ts';

const MAX_TOKEN = 64 << 10;

const verifierOf = (ring: KeyRing, wholeClaims: boolean): Verifier => {
  const policy: Policy = {
    clock: 'now',
    now: 1_695_376_800_000,
    leeway: 0,
    issuers: null,
    audiences: null,
    userClaims: [...DEFAULT_USER_CLAIMS, 'n', 'iat'],
    allowPadding: false,
    maxToken: MAX_TOKEN,
  };
  return new Verifier(ring, policy, new Identities(), wholeClaims);
};

const ringOf = async (keyFiles: readonly string[], secret: string | null): Promise<KeyRing> =>
  (await loadKeyRing(
    {
      secretFiles: [],
      secretEnv: null,
      secret,
      keyFiles,
      jwksUrls: [],
      promptedSecret: null,
      algs: null,
    },
    nodeKeyIo({}, 0),
  ))!;

/** What a judgement says, in a form in which two of them can be compared. */
const told = ({ verdict, reason, key, claims }: Judgement): unknown => [
  verdict,
  reason,
  key?.id,
  claims && [claims.exp, claims.nbf, claims.iat, claims.expText, claims.duplicate, claims.identity],
];

/**
 * Judges one text that is said to be a token, and says what of it was taken for one. Judges it a
 * second time by a verifier that reads plain claims sets the short way: it must not differ.
 */
const createJudge = (
  ring: KeyRing,
): ((text: string) => Promise<{ verified: boolean; taken: Buffer }>) => {
  const verifiers = [verifierOf(ring, true), verifierOf(ring, false)];
  const scanner = new Scanner(MAX_TOKEN);
  const spans = new Spans();
  const judgements: Judgement[] = [];
  return async (text) => {
    const bytes = Buffer.from(text, 'utf8');
    spans.clear();
    scanner.addNamed(bytes, 0, bytes.length, spans);
    const both: Judgement[] = [];
    for (const verifier of verifiers) {
      const later = verifier.judge(bytes, spans, judgements);
      if (later !== null) await later;
      both.push(judgements[0]!);
    }
    const [long, short] = both as [Judgement, Judgement];
    if (!isDeepStrictEqual(told(long), told(short))) {
      throw new Error(`the two ways differ: ${JSON.stringify([text, told(long), told(short)])}`);
    }
    const isToken = spans.kind[0] !== SpanKind.notAToken;
    const taken = isToken ? bytes.subarray(spans.start[0], spans.end[0]) : bytes;
    return { verified: long.key !== null, taken };
  };
};

describe('HMAC', () => {
  const ALGS = ['HS256', 'HS384', 'HS512'];
  const secret = Buffer.from(SECRET);

  const byNode = ({ alg, input, signature }: StrictToken): boolean =>
    ALGS.includes(alg) &&
    createHmac(`sha${alg.slice(2)}`, secret)
      .update(input)
      .digest()
      .equals(signature);

  const byJose = async (token: string): Promise<boolean> => {
    try {
      await jose.compactVerify(token, secret, { algorithms: ALGS });
      return true;
    } catch {
      return false;
    }
  };

  test('120,000 mutated tokens are verified exactly where node:crypto and jose verify them', async () => {
    const random = createRandom(7515);
    const judge = createJudge(await ringOf([], SECRET));
    const context = { random, algs: ALGS, sign: hmac satisfies Sign };
    const wrong: string[] = [];
    let [verified, askedJose, whole] = [0, 0, 0];
    for (let i = 0; i < 120_000; i++) {
      const token = randomToken(ALGS[random.below(3)]!, context);
      if (token === '') continue;
      const own = await judge(token);
      const strict = readStrictly(own.taken);
      const node = strict !== null && byNode(strict);
      if (own.verified !== node) wrong.push(`${i} node ${node}: ${JSON.stringify(token)}`);
      if (own.verified) verified++;
      if (own.taken.length === Buffer.byteLength(token)) whole++;
      if (i % 6 !== 0) continue;
      askedJose++;
      const byOther = strict !== null && (await byJose(own.taken.toString('latin1')));
      if (own.verified !== byOther) wrong.push(`${i} jose ${byOther}: ${JSON.stringify(token)}`);
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(askedJose).toBeGreaterThan(19_000);
    // Neither answer is rare, and texts around tokens are not most of what was tried.
    expect(verified).toBeGreaterThan(20_000);
    expect(verified).toBeLessThan(60_000);
    expect(whole).toBeGreaterThan(90_000);
  });
});

describe.each([
  ['RS256', 'rsa'],
  ['PS256', 'rsa'],
  ['ES256', 'ec'],
  ['EdDSA', 'ed25519'],
])('%s', (alg, name) => {
  const privateKey = createPrivateKey(readFileSync(`${KEYS}/${name}.private.pem`));
  const publicKey = createPublicKey(readFileSync(`${KEYS}/${name}.public.pem`));
  const ALGS =
    name === 'rsa'
      ? ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
      : name === 'ec'
        ? ['ES256']
        : ['EdDSA', 'Ed25519'];

  const optionsOf = (said: string, key: KeyObject): Parameters<typeof sign>[2] => ({
    key,
    dsaEncoding: 'ieee-p1363',
    ...(said.startsWith('PS') && { padding: 6, saltLength: Number(said.slice(2)) / 8 }),
  });
  const hashOf = (said: string): string | null =>
    said.startsWith('E') && !said.startsWith('ES') ? null : `sha${said.slice(2)}`;

  const byNode = ({ alg: said, input, signature }: StrictToken): boolean =>
    ALGS.includes(said) &&
    verify(hashOf(said), Buffer.from(input), optionsOf(said, publicKey) as KeyObject, signature);

  test('2,000 mutated tokens are verified exactly where node:crypto and jose verify them', async () => {
    const random = createRandom(7518);
    const judge = createJudge(await ringOf([`${KEYS}/${name}.public.pem`], null));
    const made = (said: string, input: string): string =>
      sign(hashOf(said), Buffer.from(input), optionsOf(said, privateKey)).toString('base64url');
    const context = { random, algs: ALGS, sign: made satisfies Sign };
    const wrong: string[] = [];
    let verified = 0;
    for (let i = 0; i < 2000; i++) {
      const token = randomToken(alg, context);
      if (token === '') continue;
      const own = await judge(token);
      const strict = readStrictly(own.taken);
      const node = strict !== null && byNode(strict);
      const other =
        strict !== null &&
        (await jose
          .compactVerify(own.taken, publicKey, { algorithms: ALGS })
          .then(() => true)
          .catch(() => false));
      if (own.verified !== node) wrong.push(`${i} node ${node}: ${JSON.stringify(token)}`);
      if (own.verified !== other) wrong.push(`${i} jose ${other}: ${JSON.stringify(token)}`);
      if (own.verified) verified++;
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(verified).toBeGreaterThan(300);
  });
});
