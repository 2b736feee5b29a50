import { expect, test } from 'vitest';
import { compiledKernel } from '../support/kernel.ts';
import { WordFinder, type WordSink } from '../../src/redact/word-finder.ts';
import { tokenId } from '../../src/event/token.ts';
import { createRandom, type Random } from '../oracle/random.ts';
import { LINES, SPELLINGS } from './disguises.ts';
import { redacted } from './redacting.ts';
import { sampleOf } from './tokens.ts';

const kernel = compiledKernel();

/** Lines, and between them bytes of any kind, among them many that tokens are spelled with. */
const textOf = (random: Random, lines: number): Buffer => {
  const noise = (): Buffer =>
    Buffer.from(
      Array.from({ length: random.below(60) }, () =>
        random.once(3) ? random.below(256) : 'eyJhbGci.-_%\\&#;= '.charCodeAt(random.below(18)),
      ),
    );
  const parts: Buffer[] = [];
  for (let i = 0; i < lines; i++) {
    const spelling = random.once(2) ? SPELLINGS[0]! : random.pick(SPELLINGS);
    const line = random.pick(LINES).write(spelling.write(sampleOf(random).token, random), random);
    parts.push(Buffer.from(`${line}\n`, 'latin1'), noise());
  }
  return Buffer.concat(parts);
};

/** What is told of each word; ids as text, made here where the finder did not make them. */
const wordsOf = (finder: WordFinder, bytes: Uint8Array, from: number, to: number): string[] => {
  const found: string[] = [];
  const sink: WordSink = {
    onWord: (start, end) => found.push(`${start} ${end}`),
    onToken: (start, firstDot, secondDot, end, idAt) => {
      const made = Buffer.from(finder.ids.subarray(idAt, idAt + 16)).toString('latin1');
      const id = idAt > 0 ? made : tokenId(bytes.subarray(start, end));
      found.push(`${start} ${firstDot} ${secondDot} ${end} ${id}`);
    },
  };
  finder.find(bytes, from, to, sink);
  return found;
};

test('the kernel finds the words and makes the ids that its slow twin does', () => {
  expect(kernel).not.toBeNull();
  const fast = new WordFinder(kernel);
  const slow = new WordFinder(null);
  for (let seed = 0; seed < 60; seed++) {
    const random = createRandom(seed);
    const bytes = textOf(random, 20 + random.below(200));
    const from = random.below(40);
    const to = bytes.length - random.below(40);
    const found = wordsOf(fast, bytes, from, to);
    expect(found.length).toBeGreaterThan(10);
    expect(found).toEqual(wordsOf(slow, bytes, from, to));
  }
});

test('a log is redacted to the same bytes with the kernel and without', async () => {
  const text = textOf(createRandom(99), 3000);
  const options = [{}, { replace: 'token' } as const, { dropClaims: new Set(['email']) }];
  for (const option of options) {
    const fast = await redacted(text, { ...option, kernel });
    const slow = await redacted(text, { ...option, kernel: null });
    expect(fast.equals(slow)).toBe(true);
  }
});
