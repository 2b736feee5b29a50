import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BAD_ALPHABET,
  BAD_LENGTH,
  decodeBase64url,
  NON_CANONICAL,
} from '../../src/scan/base64url.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Decoded bytes, or the code of what is wrong; the text stands in the middle of others. */
const decode = (text: string): Uint8Array | number => {
  const bytes = Buffer.from(`AAA${text}AAA`, 'latin1');
  const out = new Uint8Array(Math.ceil((text.length * 3) / 4) + 3);
  const size = decodeBase64url(bytes, 3, bytes.length - 3, out);
  return size < 0 ? size : out.slice(0, size);
};

describe('base64url', () => {
  test('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decode(Buffer.from(bytes).toString('base64url'))).toEqual(bytes);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  test('accepts a text where Buffer gives it back, and no other', () => {
    const characters = fc.constantFrom(...ALPHABET, '=', '+', '/', '.', ' ', '\n', '\xE9', '\0');
    const mostlyGood = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 40 });
    const text = fc.oneof(mostlyGood, fc.string({ unit: characters, maxLength: 12 }));
    fc.assert(
      fc.property(text, (one) => {
        const oracle = Buffer.from(one, 'base64url');
        const canonical = oracle.toString('base64url') === one;
        const decoded = decode(one);
        if (canonical) expect(decoded).toEqual(Uint8Array.from(oracle));
        else expect(decoded).toBeTypeOf('number');
      }),
      { seed: 2, numRuns: 20_000 },
    );
  });

  test('says what is wrong', () => {
    expect(decode('A')).toBe(BAD_LENGTH);
    expect(decode('AAAAA')).toBe(BAD_LENGTH);
    for (const bad of ['A=', 'AA==', 'AAA=', 'A+AA', 'AA/A', 'AA A', 'AAA\n', 'A\x80', '\xFFAAA']) {
      expect(decode(bad)).toBe(BAD_ALPHABET);
    }
    expect(decode('AB')).toBe(NON_CANONICAL);
    expect(decode('AAB')).toBe(NON_CANONICAL);
    expect(decode('_w')).toEqual(Uint8Array.of(255));
    expect(decode('__8')).toEqual(Uint8Array.of(255, 255));
  });

  test('of the 64 last characters of two or three, only one spelling of a value is accepted', () => {
    const accepted = (head: string): number =>
      [...ALPHABET].filter((last) => typeof decode(head + last) !== 'number').length;
    expect([accepted('A'), accepted('AA'), accepted('AAA')]).toEqual([4, 16, 64]);
  });
});
