import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { compactVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { issuedEvent } from '../../src/issue/event.ts';
import { issueToken } from '../../src/issue/token.ts';
import type { KeyRing } from '../../src/keys/key.ts';
import { verdictAt } from '../../src/verify/judgement.ts';
import { DEFAULT_USER_CLAIMS } from '../../src/verify/policy.ts';
import { TokenVerifier } from '../../src/verify/token-verifier.ts';
import { failureOf, loadFile } from '../keys/memory-io.ts';
import { NOW_S, SECRET } from '../support/tokens.ts';
import { ALGS, jwkOf, loadJwk, loadKey, loadSecret, PAIRS, pkcs8, publicJwkOf } from './keys.ts';

const NOW = NOW_S * 1000;

const verifierOf = (ring: KeyRing): TokenVerifier =>
  new TokenVerifier(ring, {
    clock: 'now',
    now: NOW,
    leeway: 0,
    issuers: null,
    audiences: null,
    userClaims: DEFAULT_USER_CLAIMS,
    allowPadding: false,
    maxToken: 65_536,
  });

const secretRing = (): Promise<KeyRing> =>
  loadFile(JSON.stringify({ kty: 'oct', k: Buffer.from(SECRET).toString('base64url') }));

const payloadOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));

describe('a token', () => {
  test.each(ALGS)('signed by %s verifies with jose and here', async (alg, pair) => {
    const key = pair === null ? await loadSecret() : await loadKey(pkcs8(pair));
    const { token, claims, header } = await issueToken({ key, alg, userId: '12345', now: NOW });
    const publicKey = pair === null ? Buffer.from(SECRET) : PAIRS[pair]!.publicKey;
    const { payload, protectedHeader } = await compactVerify(token, publicKey);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(claims);
    expect(protectedHeader).toEqual(header);
    expect(header).toEqual({ alg, typ: 'JWT' });
    const ring =
      pair === null ? await secretRing() : await loadFile(JSON.stringify(publicJwkOf(pair)));
    const judgement = verifierOf(ring).judge(token);
    expect(verdictAt(judgement, NOW, 0)).toBe('valid');
  });

  test.each([256, 384, 512])('of HS%i has the HMAC that node:crypto makes', async (bits) => {
    const { token } = await issueToken({ key: await loadSecret(), alg: `HS${bits}`, userId: '1' });
    const [header, payload, signature] = token.split('.');
    const mac = createHmac(`sha${bits}`, SECRET).update(`${header}.${payload}`).digest('base64url');
    expect(signature).toBe(mac);
  });

  test('is the same for the same words', async () => {
    const key = await loadSecret();
    const issue = (): ReturnType<typeof issueToken> =>
      issueToken({ key, userId: '1', jti: 'a', now: NOW });
    expect((await issue()).token).toBe((await issue()).token);
    const one = await issueToken({ key, userId: '1', now: NOW });
    const two = await issueToken({ key, userId: '1', now: NOW });
    expect(one.claims['jti']).not.toBe(two.claims['jti']);
  });

  test('carries any claims unchanged, and is valid', async () => {
    const key = await loadSecret();
    const verifier = verifierOf(await secretRing());
    const own = new Set(['exp', 'nbf', 'iat', 'iss', 'sub', 'aud', 'jti', '__proto__']);
    const anyClaims = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 12 }).filter((name) => !own.has(name)),
      fc.jsonValue({ maxDepth: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(anyClaims, async (drawn) => {
        const claims = JSON.parse(JSON.stringify(drawn)) as Record<string, unknown>;
        const { token } = await issueToken({ key, claims, jti: 'j', now: NOW });
        const expected = { ...claims, iat: NOW_S, exp: NOW_S + 86_400, jti: 'j' };
        expect(payloadOf(token)).toEqual(expected);
        const judgement = verifier.judge(token);
        expect(verdictAt(judgement, NOW, 0)).toBe('valid');
        expect(judgement.claims?.duplicate).toBe(false);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test('that is not valid yet, or no longer, is said to be so', async () => {
    const key = await loadSecret();
    const later = await issueToken({ key, userId: '1', notBefore: NOW_S + 60, now: NOW });
    expect([later.verdict, later.notices]).toEqual(['not_yet_valid', []]);
    const past = await issueToken({ key, userId: '1', claims: { exp: NOW_S - 1 }, now: NOW });
    expect(past.verdict).toBe('expired');
    expect(past.notices).toMatchObject([{ code: 'expired' }]);
  });

  test('without end, or without a user, is remarked', async () => {
    const key = await loadSecret();
    expect((await issueToken({ key, expiresIn: null })).notices.map(({ code }) => code)).toEqual([
      'no_expiry',
      'no_user',
    ]);
    expect((await issueToken({ key, claims: { sub: 'x' } })).notices).toEqual([]);
  });

  test('too long to be judged is refused', async () => {
    const claims = { text: 'x'.repeat(50_000) };
    const error = await failureOf(issueToken({ key: await loadSecret(), claims }));
    expect(error.message).toMatch(/^the token would be \d+ characters long$/);
  });

  test('claims that JSON cannot hold are refused', async () => {
    const claims = { n: 1n };
    const error = await failureOf(issueToken({ key: await loadSecret(), claims }));
    expect(error.message).toBe('the claims cannot be written as JSON');
  });
});

describe('the event of an issue', () => {
  test('names the token, its user and its key, and holds no token', async () => {
    const key = await loadJwk(jwkOf('P-256', { kid: 'k1' }));
    const issued = await issueToken({ key, userId: '12345', roles: ['user'], jti: 'j', now: NOW });
    const event = issuedEvent(issued);
    expect(event).toMatchObject({
      schema: 'authlog.event/1',
      event: 'token_issued',
      time: '2023-09-22T10:00:00.000Z',
      verdict: 'valid',
      token_id: issued.tokenId,
      key: 'k1',
      kid: 'k1',
      user_id: '12345',
      roles: ['user'],
      jti: 'j',
      exp: NOW_S + 86_400,
      lifetime_s: 86_400,
    });
    expect(issuedEvent(issued).event_id).toBe(event.event_id);
    expect(JSON.stringify(event)).not.toContain(issued.token.split('.')[2]);
  });
});
