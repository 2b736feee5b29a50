import type { AuditResult } from '../audit.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import { countLevels, rankOf, type Level } from '../audit/level.ts';
import { RULES } from '../audit/rules/index.ts';
import { selectFindings } from '../audit/select.ts';
import type { ReadOptions } from '../analyze.ts';
import { printable } from '../keys/printable.ts';
import { auditReporters } from '../report/audit/reporters.ts';
import type { AuditFormat } from '../report/audit/reporter.ts';
import { incompleteText, renderError } from '../report/error.ts';
import type { Incomplete } from '../source/input.ts';
import { rfc3339 } from '../summarize/time.ts';
import type { Notice } from '../summarize/summary.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { AuditFlags } from './define/audit-flags.ts';
import type { Host } from './host.ts';
import { lookOf, themeFor } from './look.ts';
import { packageVersion } from './package-version.ts';
import type { Sink } from './write.ts';

const TOP_OF_TABLE = 50;
/** Formats that tell of remarks themselves. */
const FOR_PEOPLE: ReadonlySet<AuditFormat> = new Set<AuditFormat>(['table', 'markdown', 'digest']);

/** Prints a report as the flags say; the exit code says whether all was read, and whether `--fail-on` applies. */
export const printAudit = async (
  report: AuditReport,
  flags: AuditFlags,
  host: Host,
  sink: Sink,
): Promise<number> => {
  const exitCode = exitCodeOf(report, flags.failOn ?? null);
  for (const chunk of await render(report, exitCode, flags, host)) await sink.write(chunk);
  await sink.close();
  await remark(report, flags, host);
  return exitCode;
};

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

const exitCodeOf = ({ findings, incomplete }: AuditReport, failOn: Level | null): number => {
  if (incomplete !== null) return 3;
  const isBad = findings.some(({ level }) => failOn !== null && rankOf(level) >= rankOf(failOn));
  return isBad ? 1 : 0;
};

const formatOf = ({ json, format }: AuditFlags): AuditFormat => (json === true ? 'json' : format);

const render = async (
  report: AuditReport,
  exitCode: number,
  flags: AuditFlags,
  host: Host,
): Promise<Iterable<string>> => {
  const print = await auditReporters[formatOf(flags)]();
  return print(report, {
    ...(await lookOf(host, flags)),
    top: flags.top ?? TOP_OF_TABLE,
    rules: RULES,
    version: packageVersion(),
    exitCode,
  });
};

/** What a report for programs can't say in words goes to standard error. */
const remark = async (report: AuditReport, flags: AuditFlags, host: Host): Promise<void> => {
  if (flags.quiet === true) return;
  const theme = await themeFor(host, host.stderr, flags.color);
  const messages = (report.incomplete ?? []).map(incompleteText);
  if (!FOR_PEOPLE.has(formatOf(flags))) {
    messages.push(...report.notices.map(({ message }) => message));
  }
  for (const message of messages) host.stderr.write(renderError(message, null, theme));
};
