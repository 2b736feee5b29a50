import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../../src/source/fields/text.ts';
import { fieldsOf } from './reading.ts';

const read = (bytes: readonly number[]): string => textOf(Uint8Array.from(bytes), 0, bytes.length);

describe('textOf', () => {
  test('row 9: valid UTF-8 is itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = Buffer.from(`..${text}..`);
        expect(textOf(bytes, 2, bytes.length - 2)).toBe(text);
      }),
      { seed: 9 },
    );
  });

  test('row 9: each byte that is not UTF-8 shows, so different names stay different', () => {
    expect(read([0x61, 0xff])).toBe(String.raw`a\xff`);
    expect(read([0x61, 0xfe])).toBe(String.raw`a\xfe`);
    expect(read([0xc3, 0xa9, 0xc3])).toBe(String.raw`é\xc3`);
    expect(read([0xff, 0xe2, 0x82, 0xac])).toBe(String.raw`\xff€`);
  });

  test.each([
    ['overlong', [0xc0, 0xaf]],
    ['overlong of three', [0xe0, 0x9f, 0xbf]],
    ['surrogate', [0xed, 0xa0, 0x80]],
    ['above the last code point', [0xf4, 0x90, 0x80, 0x80]],
    ['cut off', [0xf0, 0x9f, 0x98]],
    ['lone tail', [0x80]],
  ])('row 9: %s bytes are each shown', (_, bytes) => {
    expect(read(bytes)).toBe(bytes.map((byte) => `\\x${byte.toString(16)}`).join(''));
  });

  test('row 9: agrees with a strict decoder on what is valid', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0xe2, 0x82, 0xac, 0xf0),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), (bytes) => {
        // Made invalid at its end, so that the slow way is taken.
        const shown = read([...bytes, 0x20, 0xff]).slice(0, -5);
        try {
          expect(shown).toBe(strict.decode(Uint8Array.from(bytes)));
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
          expect(shown).toMatch(/\\x[89a-f][0-9a-f]/);
        }
      }),
      { seed: 90, numRuns: 2000 },
    );
  });

  test('row 9: JSON whose text is not UTF-8 is still JSON', () => {
    const line = Buffer.concat([
      Buffer.from('{"msg":"a'),
      Uint8Array.of(0xff),
      Buffer.from('","status":401}'),
    ]);
    expect(fieldsOf(line)).toMatchObject({ event: String.raw`a\xff`, status: 401 });
  });

  test('the sources of this stage never make a Date out of text', () => {
    const folder = new URL('../../../src/source/fields/time/', import.meta.url);
    for (const name of ['stamp.ts', 'civil.ts', 'clock.ts', 'iso.ts', 'named.ts', 'epoch.ts']) {
      expect(readFileSync(new URL(name, folder), 'utf8')).not.toMatch(
        /Date\.parse|new Date\(['"`]/,
      );
    }
  });
});
