import { describe, expect, test } from 'vitest';
import { Scanner } from '../../src/scan/scanner.ts';
import { Spans } from '../../src/scan/spans.ts';
import { eventsOf, privateFile } from '../support/judged.ts';
import { claims, logOf, mint, segment } from '../support/tokens.ts';

const KIDS = ['a', 'b', 'c'];
const secretOf = (kid: string): string => kid.repeat(40);

test('a header read in one block is not taken for another that stands in the same place later', async () => {
  const keys = KIDS.map((kid) => ({ kty: 'oct', kid, k: segment(secretOf(kid)) }));
  const args = ['--key', privateFile('keys.json', JSON.stringify({ keys }))];
  // Lines of one length, so that headers of different kid stand at the same offset of each block.
  const kids = Array.from({ length: 60 }, (_, i) => KIDS[(i * i + (i >> 2)) % 3]!);
  const tokens = kids.map((kid) => mint(claims(), { secret: secretOf(kid), header: { kid } }));
  const log = logOf(...tokens);
  const line = log.indexOf('\n') + 1;
  for (const size of [line - 1, line, line + 1, 2 * line, 3 * line, 5 * line]) {
    const events = await eventsOf(log, [...args, '--block-size', String(size)]);
    expect(events.map(({ kid, verdict }) => `${String(kid)} ${verdict}`)).toEqual(
      kids.map((kid) => `${kid} valid`),
    );
  }
});

describe('what lies around a line', () => {
  const [header, payload] = mint(claims()).split('.');

  test.each(['.', '..', '*', '**', '\u2026', '[', '='])(
    'bytes behind the last line, from another block, do not matter (%j)',
    (last) => {
      const text = Buffer.from(`Token: ${header}.${payload}.abc${last}`);
      // A line may be cut in the middle of a character.
      const limits = [0, 1, 2].map((less) => text.length - less);
      const scanWith = (rest: string): unknown =>
        limits.map((limit) => {
          const bytes = Buffer.concat([text.subarray(0, limit), Buffer.from(rest, 'latin1')]);
          const spans = new Spans();
          new Scanner(1000).scanLine(bytes, 0, limit, spans);
          return [spans.count, spans.kind[0], spans.end[0]];
        });
      const alone = scanWith('');
      for (const rest of ['.....', '***', '\x80\xA6', '\xA6', 'redacted]', 'AAAA', '==', '\n']) {
        expect(scanWith(rest)).toEqual(alone);
      }
    },
  );

  test('the line before does not make a boundary', () => {
    // Without `alg` it is a token only at a boundary, and a letter is none.
    const odd = `${segment({ typ: 'JWT' })}.${segment({ sub: 'ada' })}.c2ln`;
    for (const before of ['50%', 'a\\', 'a\\u00', '\x1b[31', '\x1b[0m', '\x1b', '%3']) {
      for (const glued of ['x', 'D', 'm', 'mm', '3D', '3Dm', '1f']) {
        const bytes = Buffer.from(`${before}\n${glued}${odd}\n`);
        const spans = new Spans();
        new Scanner(1000).scanLine(bytes, before.length + 1, bytes.length, spans);
        expect([before, glued, spans.count]).toEqual([before, glued, 0]);
      }
    }
    const spans = new Spans();
    for (const before of ['%3D', '\\n', '\\u003d', '\x1b[31m', '\x1b[1;38;5;208m', '_', ' ']) {
      const bytes = Buffer.from(`x\n${before}${odd}\n`);
      new Scanner(1000).scanLine(bytes, 2, bytes.length, spans);
    }
    expect(spans.count).toBe(7);
  });
});
