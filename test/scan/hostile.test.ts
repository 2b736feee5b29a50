import { describe, expect, test } from 'vitest';
import { analyzed, eventsOf } from '../support/judged.ts';
import { lineOf } from '../support/tokens.ts';
import { attack, ATTACKS } from './attacks.ts';

const MIB = 1 << 20;
/** Far more than it takes: work that is quadratic in a megabyte takes minutes. */
const MOST_MS = 30_000;

describe('a megabyte that is meant to be slow', () => {
  test.each(ATTACKS)(
    'comes out as events: %s',
    async (_name, piece, first) => {
      const hostile = attack(piece, first, MIB);
      const events = await eventsOf(Buffer.concat([hostile, Buffer.from('\n')]));
      for (const { line } of events) expect(line).toBe(1);
    },
    MOST_MS,
  );

  test.each(ATTACKS)(
    'comes out as a summary, in a field of JSON: %s',
    async (_name, piece, first) => {
      const text = attack(piece, first, MIB - 200).toString('latin1');
      const log = [
        lineOf(`User Log: ${text}`),
        JSON.stringify({ time: '2023-09-22T10:00:00Z', msg: text.slice(0, MIB / 8), status: 200 }),
      ];
      const { totals } = await analyzed(`${log.join('\n')}\n`);
      expect(totals.lines).toBe(2);
    },
    MOST_MS,
  );
});
