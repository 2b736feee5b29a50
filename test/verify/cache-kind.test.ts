import { expect, test } from 'vitest';
import { summaryOf } from '../support/cli.ts';
import { KEY_ENV } from '../support/lines.ts';
import { claims, inputOf, NOW } from '../support/tokens.ts';

test('a token in place of whose signature a mark stands is masked, however often it was not before', async () => {
  const input = inputOf(claims(), { alg: 'HS256' });
  // One star is no mark, and keeps the letters before it from being one: the same bytes, told apart by what follows.
  const notMasked = `say ${input}.xxxx* and go on\n`;
  const masked = `say ${input}.xxxx and go on\n`;
  const log = notMasked.repeat(20) + masked.repeat(20) + notMasked.repeat(20);
  const { totals } = await summaryOf(['-', '--now', NOW], { stdin: log, env: KEY_ENV });
  expect(totals.verdicts).toMatchObject({ bad_signature: 40, masked: 20 });
});
