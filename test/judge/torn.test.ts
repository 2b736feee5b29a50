import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { summaryOf } from '../support/cli.ts';
import { tempFile } from '../support/folder.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { claims, mint, NOW } from '../support/tokens.ts';

test('row 15: a token at which a damaged file ends is cut off, never called forged', async () => {
  const lines = Array.from({ length: 40 }, (_, i) =>
    line('2023-09-22 10:00:00,123', mint(claims({ sub: `user-${i}`, salt: Math.sin(i) }))),
  );
  const whole = gzipSync(lines.join(''), { level: 0 });
  let cutOff = 0;
  for (let length = whole.length - 400; length < whole.length - 20; length += 9) {
    const path = tempFile('a.log.gz', whole.subarray(0, length));
    const { totals, incomplete } = await summaryOf([path, '--now', NOW], { env: KEY_ENV });
    expect(incomplete).toMatchObject([{ reason: 'truncated' }]);
    expect(totals.verdicts.bad_signature, `cut at ${length}`).toBe(0);
    cutOff += totals.verdicts.oversized;
  }
  expect(cutOff).toBeGreaterThan(5);
});

test('a last line without a newline is whole: the writer may never write one', async () => {
  const path = tempFile('a.log', line('2023-09-22 10:00:00,123', mint(claims())).trimEnd());
  const { totals } = await summaryOf([path, '--now', NOW], { env: KEY_ENV });
  expect(totals.verdicts).toMatchObject({ valid: 1, oversized: 0 });
});
