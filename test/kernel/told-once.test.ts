import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { Judge } from '../../src/judge/judge.ts';
import type { VerificationKey } from '../../src/keys/key.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { createRandom } from '../oracle/random.ts';
import { claims, logOf, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';
import { configOf, judgeLog, KERNEL, ringOf, secretKey, takeTaken } from './twins.ts';

// Also where the rest of the suite does without the kernel.
beforeEach(() => {
  vi.stubEnv('AUTHLOG_NO_WASM', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const good = Array.from({ length: 40 }, (_, i) => mint(claims({ sub: `u${i % 7}`, i })));
const forged = good.slice(0, 9).map((token) => `${token.slice(0, -6)}AAAAAA`);
const log = logOf(...good, ...forged);

describe('a token that a judge recalls', () => {
  const CONFIG = { ...configOf({}), kernel: KERNEL };

  test('has its fingerprint only where it is told for the first time, if that is enough', () => {
    const judge = new Judge({ ...CONFIG, fingerprintsOnce: true });
    const [first, second] = [judgeLog(judge, log), judgeLog(judge, log)];
    expect(first.fingerprints.every((word) => word === 0)).toBe(false);
    expect([...second.fingerprints]).toEqual(Array(98).fill(0));
    for (const column of ['verdicts', 'identities', 'expiries', 'times', 'keys'] as const) {
      expect(second[column], column).toEqual(first[column]);
    }
  });

  test('has it each time for whoever else asks', () => {
    const judge = new Judge(CONFIG);
    const first = judgeLog(judge, log);
    expect(judgeLog(judge, log).fingerprints).toEqual(first.fingerprints);
  });
});

describe('reports on tokens that come again are the same without the kernel', () => {
  const keys: readonly VerificationKey[] = [
    secretKey('a', SECRET, { kid: 'a' }),
    secretKey('b', SECRET, { kid: 'b', notBefore: NOW_S - 900, notAfter: NOW_S + 900 }),
  ];

  /** Tokens of all fates, and days that have no place in the kernel's table. */
  const mixed = (kids: readonly string[]): readonly string[] => {
    const ends = [NOW_S - 5, NOW_S + 5, NOW_S + 3600, NOW_S + 86_400 * 99, -1e9, 1e12, 1e15];
    return Array.from({ length: 90 }, (_, i) => {
      const exp = ends[i % (ends.length + 1)];
      const starts = i % 5 === 0 && { nbf: NOW_S - 3000 + i * 60 };
      const body = { sub: `u${i % 11}`, i, ...(exp !== undefined && { exp }), ...starts };
      const token = mint(body, { header: { kid: kids[i % kids.length] } });
      return i % 9 === 0 ? `${token.slice(0, -6)}AAAAAA` : token;
    });
  };

  const reportOn = async (text: string, blockSize: number): Promise<Summary> =>
    await analyze({
      inputs: [{ path: '-', kind: 'stdin', size: null, mtime: null, mode: null }],
      stdin: Readable.from([Buffer.from(text)]),
      ring: ringOf(...keys),
      now: Date.parse(NOW),
      threads: 1,
      blockSize,
    });

  const lines = (tokens: readonly string[], count: number, seed: number): string => {
    const { pick, below } = createRandom(seed);
    const two = (n: number): string => String(n).padStart(2, '0');
    return Array.from({ length: count }, () => {
      const time = `${two(8 + below(4))}:${two(below(60))}:${two(below(60))},000`;
      return `2023-09-22 ${time} - Token: ${pick(tokens)}\n`;
    }).join('');
  };

  test.each([
    ['under a key that holds at all times', ['a']],
    ['under that one and one that is in use at some times only', ['a', 'b']],
  ])('%s', async (_name, kids) => {
    const text = lines(mixed(kids), 4000, 7);
    takeTaken();
    const reports = [];
    for (const size of [997, 20_000, 1 << 20]) reports.push(await reportOn(text, size));
    expect(takeTaken().tokens).toBeGreaterThan(3000);
    vi.stubEnv('AUTHLOG_NO_WASM', '1');
    const slow = await reportOn(text, 20_000);
    expect(slow.totals.distinct_tokens).toBe(90);
    expect(reports).toEqual([slow, slow, slow]);
  });
});
