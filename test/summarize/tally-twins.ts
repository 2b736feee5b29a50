import { expect } from 'vitest';
import type { JudgedBlock } from '../../src/judge/judged.ts';
import { Tally, type TallyOptions } from '../../src/summarize/tally.ts';
import { compiledKernel } from '../support/kernel.ts';
import { NOW } from './uses.ts';

const kernel = compiledKernel();

const DEFAULTS: TallyOptions = {
  now: NOW,
  zone: 'UTC',
  maxUsers: 1_000_000,
  keys: 1,
  bytes: null,
  keysExpire: false,
  kernel: null,
  judges: 4,
};

/** Everything that a report is made of. */
const told = (tally: Tally): Record<string, unknown> => ({
  totals: tally.totals(),
  isFloor: tally.distinctIsFloor,
  keys: [...tally.keyTokens],
  notices: [...tally.notices],
  buckets: tally.expiry.buckets(tally.users),
  usable: tally.expiry.usable,
  dates: tally.expiry.dates(),
  overflow: tally.users.overflow,
  unverified: tally.unverified.summaries(),
  unverifiedOverflow: tally.unverified.overflow,
  users: [...tally.users.summaries(NOW)],
});

export const distinctOf = (tally: Tally): number => tally.totals().distinct_tokens;

/** The tally that counts in the kernel and the one that doesn't, fed alike. */
export class Twins {
  readonly fast: Tally;
  readonly slow: Tally;

  constructor(options: Partial<TallyOptions> = {}) {
    this.fast = new Tally({ ...DEFAULTS, ...options, kernel });
    this.slow = new Tally({ ...DEFAULTS, ...options, kernel: null });
  }

  /** @param fingerprints all of them, for the slow twin: then it needs no judge who says what is told again */
  add(block: JudgedBlock, origin = 0, fingerprints: Uint32Array = block.fingerprints): void {
    this.fast.add(block, origin);
    this.slow.add({ ...block, fingerprints }, origin);
  }

  /** Compares them and returns what both say. */
  settled(): Tally {
    // A tally that had numbers already would be no kernel's.
    expect(distinctOf(this.fast)).toBe(0);
    this.settle();
    return this.fast;
  }

  settle(): void {
    this.fast.settle();
    this.slow.settle();
    const [fast, slow] = [told(this.fast), told(this.slow)];
    // Piece by piece: the difference of two reports of a million users is no help to anybody.
    for (const [part, said] of Object.entries(slow)) {
      if (!Array.isArray(said)) expect(fast[part], part).toEqual(said);
      else expectRows(part, fast[part] as unknown[], said);
    }
  }
}

const expectRows = (part: string, fast: readonly unknown[], slow: readonly unknown[]): void => {
  expect(fast.length, part).toBe(slow.length);
  for (let i = 0; i < slow.length; i++) {
    if (JSON.stringify(fast[i]) === JSON.stringify(slow[i])) continue;
    expect(fast[i], `${part} ${i}`).toEqual(slow[i]);
  }
};
