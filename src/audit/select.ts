import { compareWith, type Baseline } from './baseline.ts';
import type { Finding } from './finding.ts';
import { rankOf, type Level } from './level.ts';
import type { Notice } from './notice.ts';
import { suppress, type Suppression } from './suppress.ts';

/** Which findings are reported. */
export interface Selection {
  readonly suppressions: readonly Suppression[];
  /** Null: all are new. */
  readonly baseline: Baseline | null;
  /** The least level. */
  readonly level: Level;
  /** Milliseconds. */
  readonly now: number;
}

export interface Selected {
  readonly findings: readonly Finding[];
  readonly suppressed: number;
  readonly known: number;
  readonly notices: readonly Notice[];
}

/** The findings to report, in their order, and what became of the others. */
export const selectFindings = (
  found: readonly Finding[],
  { suppressions, baseline, level, now }: Selection,
): Selected => {
  const { findings: open, suppressed, notices } = suppress(found, suppressions, now);
  const compared = compareWith(open, baseline ?? new Map());
  return {
    findings: compared.findings.filter((finding) => rankOf(finding.level) >= rankOf(level)),
    suppressed,
    known: compared.known,
    notices: [...notices, ...compared.notices],
  };
};
