import { createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as jose from 'jose';
import { describe, expect, test } from 'vitest';
import type { KeyRing } from '../../src/keys/key.ts';
import { nodeKeyIo } from '../../src/keys/io.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { SpanKind, Spans } from '../../src/scan/spans.ts';
import { clockTime, verdictAt, type Judgement } from '../../src/verify/judgement.ts';
import { DEFAULT_USER_CLAIMS, type Policy } from '../../src/verify/policy.ts';
import { VERDICTS } from '../../src/verify/verdict.ts';
import { Verifier } from '../../src/verify/verifier.ts';
import { Twins } from '../kernel/twins.ts';
import { hmac, KEYS, SECRET } from '../support/tokens.ts';
import { randomToken, type Sign } from './mutations.ts';
import { createRandom } from './random.ts';
import { readStrictly, type StrictToken } from './strict.ts';

const MAX_TOKEN = 64 << 10;
const THREE_PARTS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const POLICY: Policy = {
  clock: 'now',
  now: 1_695_376_800_000,
  leeway: 0,
  issuers: null,
  audiences: null,
  userClaims: [...DEFAULT_USER_CLAIMS, 'n', 'iat'],
  allowPadding: false,
  maxToken: MAX_TOKEN,
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

interface Own {
  readonly verified: boolean;
  /** What of the text was taken for a token. */
  readonly taken: Buffer;
  /** Tokens that the kernel judged when it met the text in a log. */
  readonly byKernel: number;
}

/**
 * Judges one text that is said to be a token. Judges it a second time as a line of a log, with the kernel
 * and without it: all must agree.
 */
const createJudge = (ring: KeyRing): ((text: string) => Own) => {
  const verifier = new Verifier(ring, POLICY);
  const twins = new Twins({ ring, policy: POLICY });
  const scanner = new Scanner(MAX_TOKEN);
  const spans = new Spans();
  const judgements: Judgement[] = [];
  return (text) => {
    const bytes = Buffer.from(text, 'utf8');
    spans.clear();
    scanner.addNamed(bytes, 0, bytes.length, spans);
    verifier.judge(bytes, spans, judgements);
    const judgement = judgements[0]!;
    const verdict = verdictAt(judgement, clockTime(POLICY, Number.NaN), POLICY.leeway);
    const { judged, kernel: byKernel } = twins.judge(`Token: ${text}\n`);
    if (THREE_PARTS.test(text) && judged.verdicts[0] !== VERDICTS.indexOf(verdict)) {
      throw new Error(`another verdict in a log: ${JSON.stringify([text, verdict])}`);
    }
    const isToken = spans.kind[0] !== SpanKind.notAToken;
    const taken = isToken ? bytes.subarray(spans.start[0], spans.end[0]) : bytes;
    return { verified: judgement.key !== null, taken, byKernel };
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
    let [verified, askedJose, whole, byKernel] = [0, 0, 0, 0];
    for (let i = 0; i < 120_000; i++) {
      const token = randomToken(ALGS[random.below(3)]!, context);
      if (token === '') continue;
      const own = judge(token);
      const strict = readStrictly(own.taken);
      const node = strict !== null && byNode(strict);
      if (own.verified !== node) wrong.push(`${i} node ${node}: ${JSON.stringify(token)}`);
      if (own.verified) verified++;
      byKernel += own.byKernel;
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
    expect(byKernel).toBeGreaterThan(6000);
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
      const own = judge(token);
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
