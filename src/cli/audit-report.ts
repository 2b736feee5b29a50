import type { ReadOptions } from '../analyze.ts';
import type { AuditResult } from '../audit.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import { countLevels } from '../audit/level.ts';
import { selectFindings } from '../audit/select.ts';
import { printable } from '../keys/printable.ts';
import type { Incomplete } from '../source/input.ts';
import type { Notice } from '../summarize/summary.ts';
import { rfc3339 } from '../summarize/time.ts';
import type { AuditSettings } from './audit-settings.ts';

/** A configuration can hide findings: which one was used is always told. */
const configNotice = ({ configFile }: AuditSettings): readonly Notice[] => {
  if (configFile === null) return [];
  return [{ code: 'config', message: `settings are those of ${printable(configFile)}`, count: 1 }];
};

/** Remarks and failures from before the reading. */
export interface Before {
  readonly incomplete: readonly Incomplete[];
  readonly notices: readonly Notice[];
}

/** The report of what the rules found, less what the settings hide. */
export const auditReportOf = (
  { now, ring, recordedOnly }: Pick<ReadOptions, 'now' | 'ring' | 'recordedOnly'>,
  result: AuditResult,
  settings: AuditSettings,
  before: Before,
): AuditReport => {
  const { findings, suppressed, known, notices } = selectFindings(
    result.findings,
    settings.selection,
  );
  const incomplete = [...before.incomplete, ...result.incomplete];
  const recorded = result.read.length > 0 && result.read.every((input) => input.recorded);
  const isVerified = ring !== null || recordedOnly === true;
  return {
    schema: 'authlog.findings/1',
    now: rfc3339(now)!,
    verification: {
      mode: isVerified ? 'verified' : 'none',
      verified_by: isVerified ? (recorded ? 'recorder' : 'authlog') : null,
    },
    inputs: result.read.map(({ path, bytes, lines }) => ({ path, bytes, lines })),
    findings,
    totals: {
      events: result.uses,
      findings: findings.length,
      levels: countLevels(findings),
      suppressed,
      known,
    },
    rules: { ran: result.ran, idle: result.idle },
    notices: [
      ...before.notices,
      ...configNotice(settings),
      ...settings.notices,
      ...result.remarks.map(({ code, message }) => ({ code, message, count: 1 })),
      ...result.notices,
      ...notices,
    ],
    incomplete: incomplete.length === 0 ? null : incomplete,
  };
};
