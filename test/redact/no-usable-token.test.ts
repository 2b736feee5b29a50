import { describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { mint, claims } from '../support/tokens.ts';
import { LINES, SPELLINGS } from './disguises.ts';
import { leakIn, usableIn } from './leaks.ts';
import { redactedText } from './redacting.ts';
import { sampleOf } from './tokens.ts';

const random = createRandom(7);
const token = mint(claims());
const secrets = [token.split('.')[2]!];

describe('a token can not be used any more', () => {
  test.each(SPELLINGS)('$name', async ({ write }) => {
    for (const line of LINES) {
      const text = `a line before\n${line.write(write(token, random), random)}\na line after\n`;
      const found = await redactedText(text);
      expect(leakIn(found, secrets), `${line.name}: ${found}`).toBeNull();
      expect(usableIn(found)).toBeNull();
      expect(found.startsWith('a line before\n')).toBe(true);
      expect(found.endsWith('\na line after\n')).toBe(true);
    }
  });
});

const LINES_IN_ALL = 100_000;

test(`no signature is in the output of ${LINES_IN_ALL} lines`, async () => {
  const seeded = createRandom(20_230_922);
  const samples: (readonly string[])[] = [];
  const lines: string[] = [];
  for (let i = 0; i < LINES_IN_ALL; i++) {
    const sample = sampleOf(seeded);
    const inner = seeded.pick(SPELLINGS);
    const outer = seeded.once(4) ? seeded.pick(SPELLINGS) : SPELLINGS[0]!;
    const word = outer.write(inner.write(sample.token, seeded), seeded);
    let line = seeded.pick(LINES).write(word, seeded).replaceAll('\n', ' ');
    if (seeded.once(10)) line = line.slice(0, seeded.below(line.length));
    // The signature once more, by itself.
    else if (inner === SPELLINGS[0] && outer === inner) line += ` ${sample.secrets.join(' ')}`;
    lines.push(line);
    samples.push(sample.secrets);
  }
  const found = (await redactedText(`${lines.join('\n')}\n`)).split('\n');
  expect(found.length).toBe(lines.length + 1);
  const leaks: string[] = [];
  for (const [i, line] of found.slice(0, -1).entries()) {
    const leak = leakIn(line, samples[i]!) ?? usableIn(line);
    if (leak !== null && leaks.length < 5) leaks.push(`${leak}\n  of ${lines[i]}\n  in ${line}`);
  }
  expect(leaks).toEqual([]);
});
