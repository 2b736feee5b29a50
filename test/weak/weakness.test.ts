import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { secretWeakness } from '../../src/weak/weakness.ts';
import { SECRET } from '../support/tokens.ts';

const weakness = (text: string, alg = 'HS256'): string | null =>
  secretWeakness(Buffer.from(text), alg);

describe('a weak secret', () => {
  test.each(['secret', 'secret_key', 'Secret-Key', 'your-256-bit-secret', 'changeme', 'secret123'])(
    '%s is known',
    (text) => {
      expect(weakness(text)).toMatch(/guessed first/);
    },
  );

  test('is known also where it is long enough', () => {
    expect(weakness('a-string-secret-at-least-256-bits-long')).toMatch(/guessed first/);
  });

  test('is shorter than the hash', () => {
    const text = randomBytes(64).toString('latin1');
    const long = Buffer.from(text, 'latin1');
    expect(secretWeakness(long.subarray(0, 31), 'HS256')).toMatch(
      /31 bytes long; HS256 needs .* 32/,
    );
    expect(secretWeakness(long.subarray(0, 32), 'HS256')).toBeNull();
    expect(secretWeakness(long.subarray(0, 32), 'HS384')).toMatch(/HS384 needs at least 48/);
    expect(secretWeakness(long.subarray(0, 63), 'HS512')).toMatch(/HS512 needs at least 64/);
    expect(secretWeakness(long, 'HS512')).toBeNull();
  });

  test.each<[string, RegExp]>([
    ['x'.repeat(40), /repeats itself/],
    ['\0'.repeat(32), /repeats itself/],
    ['secret'.repeat(7), /repeats itself/],
    ['bcdefghijklmnopqrstuvwxyz0123456789', /sequence/],
    ['zyxwvutsrqponmlkjihgfedcba9876543210', /sequence/],
    ['1121221112112221122112111212211122', /too few|sequence/],
    ['aqzaazqqzazqaqzzqaazqzqaqzaazqqzaz', /too few/],
  ])('%j is easily guessed', (text, why) => {
    expect(weakness(text)).toMatch(why);
  });

  test('random secrets are not weak, also as hexadecimal and base64', () => {
    expect(weakness(SECRET, 'HS512')).toBeNull();
    for (let i = 0; i < 2000; i++) {
      expect(weakness(randomBytes(32).toString('latin1'))).toBeNull();
      expect(secretWeakness(randomBytes(32), 'HS256')).toBeNull();
      expect(weakness(randomBytes(16).toString('hex'))).toBeNull();
      expect(weakness(randomBytes(32).toString('base64'))).toBeNull();
    }
  });
});
