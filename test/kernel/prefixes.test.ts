import { describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { hmac, logOf, mint, SECRET, segment } from '../support/tokens.ts';
import { OTHER_SECRET } from './random-tokens.ts';
import { ringOf, secretKey, Twins } from './twins.ts';

const ISSUER = 'https://auth.example.com/tenants/1';
const random = createRandom(64);

/** The tokens of one issuer: their first block is the same, what follows has any length. */
const issued = (count: number, secret = SECRET): string[] =>
  Array.from({ length: count }, (_, i) =>
    mint({ iss: ISSUER, sub: `u${i % 40}`, i, pad: 'p'.repeat(random.below(150)) }, { secret }),
  );

const forged = (token: string): string => `${token.slice(0, -4)}AAAA`;

/** A token of any header and any payload, signed. */
const sign = (header: string, payload: string, secret = SECRET): string => {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${hmac('HS256', input, secret)}`;
};

const inputOf = (token: string): string => token.slice(0, token.lastIndexOf('.'));
const payloadOf = (token: string): string =>
  Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8');

describe('tokens that begin alike', () => {
  test('good and forged ones, of all lengths, over many blocks', () => {
    const twins = new Twins();
    for (let block = 0; block < 10; block++) {
      const tokens = issued(500).map((token) => (random.once(5) ? forged(token) : token));
      expect(twins.judge(logOf(...tokens)).kernel).toBe(500);
    }
  });

  test('signed with one of two keys that both may verify them', () => {
    const twins = new Twins({ ring: ringOf(secretKey('a', SECRET), secretKey('b', OTHER_SECRET)) });
    for (let block = 0; block < 5; block++) {
      const tokens = [...issued(300), ...issued(300, OTHER_SECRET), ...issued(50, 'neither')];
      const { judged } = twins.judge(logOf(...tokens.toSorted(() => random.below(3) - 1)));
      expect(new Set(judged.keys)).toEqual(new Set([0, 1, -1]));
    }
  });

  test('a header of other letters before the same payload', () => {
    const twins = new Twins();
    const headers = ['JWT', 'jwt', 'Jwt'].map((typ) => `{"typ":"${typ}","alg":"HS256"}`);
    for (let i = 0; i < 200; i++) {
      const payload = JSON.stringify({ iss: ISSUER, i });
      const { judged } = twins.judge(logOf(...headers.map((header) => sign(header, payload))));
      expect([...judged.verdicts]).toEqual([0, 0, 0]);
    }
  });

  test('a byte anywhere in the first block is another, or behind it', () => {
    const twins = new Twins();
    const header = '{"alg":"HS256","typ":"JWT"}';
    const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(3);
    for (let round = 0; round < 3; round++) {
      for (let at = 0; at < 60; at++) {
        const payload = `{"x":"${text.slice(0, at)}#${text.slice(at + 1)}"}`;
        const whole = sign(header, payload);
        // The signature of a message that begins alike.
        const mixed = `${sign(header, `{"x":"${text}"}`).split('.').slice(0, 2).join('.')}.${whole.split('.')[2]}`;
        const { judged } = twins.judge(logOf(whole, mixed, whole));
        expect([...judged.verdicts]).toEqual([0, 3, 0]);
      }
    }
  });

  test('messages about as long as a block or two', () => {
    const twins = new Twins();
    const tokens = Array.from({ length: 130 }, (_, n) =>
      sign('{"alg":"HS256"}', `{"x":"${'y'.repeat(n)}"}`),
    );
    for (let round = 0; round < 4; round++) {
      expect(twins.judge(logOf(...tokens, ...tokens.map(forged))).kernel).toBe(260);
    }
  });

  test('behind so many others that nobody looks for them any more', () => {
    const twins = new Twins();
    const others = Array.from({ length: 12_000 }, (_, i) =>
      mint({ jti: `${i * 7919}-${i}`, sub: i % 9 }),
    );
    for (let from = 0; from < others.length; from += 3000) {
      twins.judge(logOf(...others.slice(from, from + 3000)));
    }
    for (let block = 0; block < 30; block++) twins.judge(logOf(...issued(2500)));
  });
});

/** The first token of each of so many users, the second, and so on: more users than beginnings of any user are kept. */
const USERS = 700;
const PLAIN = '{"alg":"HS256","typ":"JWT"}';
const TURNED = '{"typ":"JWT","alg":"HS256"}';

const ofUsers = (round: number, header = PLAIN, secret = SECRET): string[] =>
  Array.from({ length: USERS }, (_, user) =>
    sign(
      header,
      `{"sub":"user-${1000 + user}","i":${round},"pad":"${'p'.repeat(random.below(90))}"}`,
      secret,
    ),
  );

describe('tokens of many users, each of which begin alike', () => {
  test('good and forged ones, of all lengths', () => {
    const twins = new Twins();
    for (let round = 0; round < 8; round++) {
      const tokens = ofUsers(round).map((token) => (random.once(5) ? forged(token) : token));
      expect(twins.judge(logOf(...tokens)).kernel).toBe(USERS);
    }
  });

  test('under headers of the same length, before which the rest of the first block is the same', () => {
    const twins = new Twins();
    const signatureOf = (token: string): string => token.split('.')[2]!;
    for (let round = 0; round < 6; round++) {
      const plain = ofUsers(round, PLAIN);
      const turned = plain.map((token) => sign(TURNED, payloadOf(token)));
      const mixed = plain.map((token, i) => `${inputOf(turned[i]!)}.${signatureOf(token)}`);
      const tokens = plain.flatMap((token, i) => [token, turned[i]!, mixed[i]!]);
      const { judged } = twins.judge(logOf(...tokens));
      expect([...judged.verdicts]).toEqual(plain.flatMap(() => [0, 0, 3]));
    }
  });

  test('signed with one of two keys that both may verify them', () => {
    const twins = new Twins({ ring: ringOf(secretKey('a', SECRET), secretKey('b', OTHER_SECRET)) });
    for (let round = 0; round < 5; round++) {
      const tokens = [SECRET, OTHER_SECRET, 'neither'].map((secret) =>
        ofUsers(round, PLAIN, secret),
      );
      const { judged } = twins.judge(logOf(...tokens.flat()));
      expect([...judged.keys]).toEqual([0, 1, -1].flatMap((key) => Array(USERS).fill(key)));
    }
  });

  test('a claim before the user is another, under a header so short that more claims are in the first block', () => {
    const twins = new Twins();
    for (let round = 0; round < 6; round++) {
      const tokens = Array.from({ length: USERS }, (_, user) =>
        sign(
          '{"alg":"HS256"}',
          `{"n":${round % 3},"sub":"a-long-name-of-user-${1000 + user}","i":${round}}`,
        ),
      );
      const { judged } = twins.judge(logOf(...tokens, ...tokens.map(forged)));
      expect([...judged.verdicts]).toEqual([0, 3].flatMap((verdict) => Array(USERS).fill(verdict)));
    }
  });

  test('a claim before the user is another', () => {
    const twins = new Twins();
    for (let round = 0; round < 6; round++) {
      const tokens = Array.from({ length: USERS }, (_, user) =>
        sign(PLAIN, `{"iat":${round % 3},"sub":"${user}","pad":"${'p'.repeat(user % 50)}"}`),
      );
      const { judged } = twins.judge(logOf(...tokens, ...tokens.map(forged)));
      expect([...judged.verdicts]).toEqual([0, 3].flatMap((verdict) => Array(USERS).fill(verdict)));
    }
  });

  test('more users than have a place', () => {
    const twins = new Twins();
    for (let round = 0; round < 3; round++) {
      for (let from = 0; from < 36_000; from += 4000) {
        const tokens = Array.from({ length: 4000 }, (_, i) =>
          sign(PLAIN, `{"sub":"user-${10_000 + from + i}","i":${round}}`),
        );
        expect(twins.judge(logOf(...tokens)).kernel).toBe(4000);
      }
    }
  });
});
