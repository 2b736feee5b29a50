import { describe, expect, test } from 'vitest';
import { Scanner } from '../../src/scan/scanner.ts';
import { Spans } from '../../src/scan/spans.ts';
import { eventsOf } from '../support/judged.ts';
import { mint } from '../support/tokens.ts';
import { stepsOf } from './steps.ts';

const [header, payload, signature] = mint({ sub: 'ada' }).split('.') as [string, string, string];
const MIB = 1 << 20;
/** Code that runs per byte in the worst of these cases, with room for the next change. */
const MOST_PER_BYTE = 40;

/** Pieces of which a line is made that a careless search reads again and again. */
const ATTACKS: readonly (readonly [name: string, piece: string, first?: string])[] = [
  ['headers in headers', 'eyJ'],
  ['headers behind hyphens', '-eyJ'],
  ['headers behind underscores', '_eyA'],
  ['headers in percent escapes', '%3DeyJ'],
  ['headers behind colours', '\x1b[31meyJ'],
  ['headers behind newlines of JSON', '\\neyJ'],
  ['one run of letters', 'a'],
  ['one run of e', 'e'],
  ['one run of T', 'T'],
  ['one run behind a header', 'a', header],
  ['one payload', 'a', `${header}.`],
  ['one signature', 'a', `${header}.${payload}.`],
  ['parts', 'eyJ.'],
  ['empty parts', '.', header],
  ['empty parts of a token', '.', `${header}.${payload}.`],
  ['headers alone', `${header}.`],
  ['headers and payloads', `${header}.${payload}.`],
  ['headers with two dots', `${header}..`],
  ['padded parts', 'eyJhbGciOiJI==.'],
  ['tokens', `${header}.${payload}.${signature} `],
  ['tokens without space', `${header}.${payload}.${signature}`],
  ['tokens of four parts', `${header}.${payload}.${signature}.x `],
  ['masks', `${header}.${payload}.***`],
  ['stars', '*', `${header}.${payload}.`],
  ['brackets', '[', `${header}.${payload}.`],
  ['brackets behind tokens', `${header}.${payload}.[[`],
  ['masked words', `${header}.${payload}.redacted`],
  ['labels', 'Token: '],
  ['labels and spaces', 'Token:  '],
  ['spaces behind a label', ' ', 'Token: '],
  ['labels and schemes', 'Token: Bearer '],
  ['labels and quotes', 'Token: "'],
  ['quotes behind a label', '"', 'Token: '],
  ['quotes behind a word', '"', 'Token: x'],
  ['labels and headers', 'Token: eyJ.'],
  ['a label and headers', 'eyJ.', 'Token: '],
  ['a label and one run', 'eyJ', 'Token: '],
  ['a label and dots', '.', 'Token: x'],
  ['labels glued to values', 'Token: eyJ.eyJ.Token: '],
  ['a label and tokens', `,${header}.${payload}.${signature}`, 'Token: '],
  ['almost labels', 'Token:'],
  ['NUL', '\0'],
];

const attack = (piece: string, first: string, size: number): Buffer =>
  Buffer.from((first + piece.repeat(Math.ceil(size / piece.length))).slice(0, size), 'latin1');

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

  test.each(ATTACKS)('grows no faster than its input: %s', (name, piece, first = '') => {
    console.log('STEP', name, [48_000,96_000, 192_000,384_000,MIB].map((size) => (stepsFor(attack(piece, first, size))/size).toFixed(2)).join(' '));
    const [short, long] = [96_000, 192_000].map((size) => stepsFor(attack(piece, first, size)));
    expect(long! / short!).toBeLessThan(2.2);
    expect(long! / 192_000).toBeLessThan(MOST_PER_BYTE);
  });

  test.each(ATTACKS)('is bounded for a megabyte: %s', (_name, piece, first = '') => {
    expect(stepsFor(attack(piece, first, MIB)) / MIB).toBeLessThan(MOST_PER_BYTE);
  });

  // Far more than it takes: quadratic work on a megabyte would take minutes.
  test.each(ATTACKS)(
    'a megabyte of it is read to events: %s',
    async (_name, piece, first = '') => {
      await eventsOf(Buffer.concat([attack(piece, first, MIB), Buffer.from('\n')]));
    },
    5000,
  );
});
