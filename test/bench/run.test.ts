import { describe, expect, test } from 'vitest';
import { differences, KINDS, lacksRoom, readOptions, verifiesPerSecond } from './modules.ts';

describe('verifications a second in what openssl speed prints', () => {
  test('OpenSSL 3.0', () => {
    const printed = `version: 3.0.19
                  sign    verify    sign/s verify/s
rsa 2048 bits 0.000282s 0.000015s   3540.4  64599.0
`;
    expect(verifiesPerSecond(printed)).toBe(64599);
  });

  test('OpenSSL 3.2 and later have columns for encryption', () => {
    const printed = `                   sign    verify    encrypt   decrypt   sign/s verify/s  encr./s  decr./s
rsa  2048 bits 0.000440s 0.000013s 0.000014s 0.000447s   2274.3  76512.5  70411.0   2237.1
`;
    expect(verifiesPerSecond(printed)).toBe(76512.5);
  });

  test('anything else is an error, not a number', () => {
    expect(() => verifiesPerSecond('rsa 2048 bits 1 2 3 4')).toThrow('unknown');
  });
});

describe('counts of a program', () => {
  const truth = { tokens: 100, accepted: 90, expired: 6, bad_signature: 4 };

  test('that are right, or fewer than all, are no difference', () => {
    expect(differences('rust', { ...truth, users: 7 }, truth)).toEqual([]);
    expect(differences('floor', { tokens: 100, verified: 96 }, truth)).toEqual([]);
    expect(differences('rg', {}, truth)).toEqual([]);
  });

  test('that are wrong are named', () => {
    expect(differences('floor', { tokens: 100, verified: 90 }, truth)).toEqual([
      'verified: the generator says 96, floor says 90',
    ]);
  });
});

test('a kind whose logs do not fit on the disk is left out with its reason', () => {
  expect(lacksRoom('long', 1e12)).toMatch(/^its logs need \d+\.\d GB and .* has \d+\.\d GB: /);
  expect(lacksRoom('startup', 1e12)).toBeNull();
});

describe('what is kept', () => {
  const keeps = (...args: string[]): boolean => readOptions(args, ['rust']).keep;

  test('whole runs, others only when asked', () => {
    expect(keeps()).toBe(true);
    expect(keeps('--runs', '9')).toBe(true);
    expect(keeps('--kinds', 'gzip')).toBe(false);
    expect(keeps('--only', 'rust')).toBe(false);
    expect(keeps('--tokens', '20k')).toBe(false);
    expect(keeps('--goals')).toBe(false);
    expect(keeps('--smoke')).toBe(false);
    expect(keeps('--kinds', 'gzip', '--keep')).toBe(true);
  });
});

test('options say what they do not know', () => {
  expect(readOptions(['--tokens', '20k'], []).tokens).toBe(20_000);
  expect(readOptions([], []).kinds).toEqual(Object.keys(KINDS));
  expect(() => readOptions(['--kinds', 'nine'], [])).toThrow('no such kind: nine');
  expect(() => readOptions(['--only', 'perl'], ['rust'])).toThrow('no such program: perl');
  expect(() => readOptions(['--tokens', '0'], [])).toThrow('not a count: 0');
});
