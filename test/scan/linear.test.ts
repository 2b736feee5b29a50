import { describe, expect, test } from 'vitest';
import { attack, ATTACKS } from './attacks.ts';
import { stepsOf } from './steps.ts';

const { Scanner } = await import('../../src/scan/scanner.ts');
const { Spans } = await import('../../src/scan/spans.ts');

const MIB = 1 << 20;
/** Pieces of code that run per byte in the worst of these cases, with room for the next change. */
const MOST_PER_BYTE = 20;

const stepsFor = (bytes: Buffer): number => {
  const scanner = new Scanner(64 << 10);
  const spans = new Spans();
  return stepsOf(() => {
    if (scanner.scanLine(bytes, 0, bytes.length, spans) !== bytes.length) throw new Error('left');
  });
};

describe('the work of the scanner', () => {
  test('is counted', () => {
    const plain = stepsFor(attack('x', '', 100_000));
    expect(plain).toBeGreaterThan(50_000);
    // A loop in a loop would show.
    const quadratic = stepsFor(attack('x', '', 1000)) * 1000;
    expect(quadratic / plain).toBeLessThan(11);
  });

  test.each(ATTACKS)('grows no faster than its input: %s', (_name, piece, first) => {
    const [short, long] = [48_000, 96_000].map((size) => stepsFor(attack(piece, first, size)));
    // V8 merges counts that are equal, hence not exactly 2.
    expect(long! / short!).toBeLessThan(2.6);
    expect(long! / 96_000).toBeLessThan(MOST_PER_BYTE);
  });

  test.each(ATTACKS)('is bounded for a megabyte: %s', (_name, piece, first) => {
    expect(stepsFor(attack(piece, first, MIB)) / MIB).toBeLessThan(MOST_PER_BYTE);
  });
});
