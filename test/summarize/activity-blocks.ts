import { columnsIn } from '../../src/judge/columns.ts';
import { NO_SPELLINGS } from '../../src/verify/identities.ts';
import type { JudgedBlock } from '../../src/judge/judged.ts';
import { VERDICT_INDEX, VERDICTS, type Verdict } from '../../src/verify/verdict.ts';

type Use = readonly [time: number, verdict: Verdict];

/** Uses all over some weeks, some without a time; the same for the same arguments. */
export const numberedUses = (count: number, start: number): readonly Use[] =>
  Array.from({ length: count }, (_, at) => {
    const time = start + ((at * 7919) % count) * 777_777;
    return [at % 50 === 0 ? Number.NaN : time, VERDICTS[(at * 31) % VERDICTS.length]!];
  });

/** A block that says nothing but times and verdicts. */
export const judged = (uses: readonly Use[]): JudgedBlock => {
  const columns = columnsIn(new ArrayBuffer(uses.length * 31), uses.length);
  for (const [at, [time, verdict]] of uses.entries()) {
    columns.times[at] = time;
    columns.verdicts[at] = VERDICT_INDEX.get(verdict)!;
  }
  return {
    ...columns,
    lines: uses.length,
    linesWithToken: uses.length,
    linesSkipped: 0,
    count: uses.length,
    firstIdentity: 0,
    newSpellings: NO_SPELLINGS,
    newIdentities: [],
    notices: [],
    events: null,
  };
};
