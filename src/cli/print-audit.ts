import type { AuditReport } from '../audit/audit-report.ts';
import { rankOf, type Level } from '../audit/level.ts';
import { RULES } from '../audit/rules/index.ts';
import { auditReporters } from '../report/audit/reporters.ts';
import type { AuditFormat, AuditLinks } from '../report/audit/reporter.ts';
import { incompleteText, renderError } from '../report/error.ts';
import type { PageExtras } from '../report/html/extras.ts';
import type { AuditFlags } from './define/audit-flags.ts';
import type { Host } from './host.ts';
import { fileUrl, rulesUrl } from './hyperlinks.ts';
import { lookOf, themeFor } from './look.ts';
import { packageVersion } from './package-version.ts';
import type { Sink } from './write.ts';

const TOP_OF_TABLE = 50;
/** Formats that tell of remarks themselves. */
const FOR_PEOPLE: ReadonlySet<AuditFormat> = new Set<AuditFormat>([
  'table',
  'markdown',
  'digest',
  'html',
]);

/** `--json` is short for a format. */
export const formatOf = ({ json, format }: Pick<AuditFlags, 'json' | 'format'>): AuditFormat =>
  json === true ? 'json' : format;

/**
 * Prints a report as the flags say; the exit code says whether all was read, and whether `--fail-on` applies.
 * @param page what a page shows beside the findings
 */
export const printAudit = async (
  report: AuditReport,
  flags: AuditFlags,
  host: Host,
  sink: Sink,
  page?: PageExtras,
): Promise<number> => {
  const exitCode = exitCodeOf(report, flags.failOn ?? null);
  const print = await auditReporters[formatOf(flags)]();
  const chunks = print(report, {
    ...(await lookOf(host, flags)),
    top: flags.top ?? TOP_OF_TABLE,
    rules: RULES,
    version: packageVersion(),
    exitCode,
    links: linksOf(report, host.cwd()),
    ...(page !== undefined && { page }),
  });
  for (const chunk of chunks) await sink.write(chunk);
  await sink.close();
  return await concludeAudit(report, flags, host);
};

/** Says on standard error what the report could not; the exit code that it leads to. */
export const concludeAudit = async (
  report: AuditReport,
  flags: AuditFlags,
  host: Host,
): Promise<number> => {
  await remark(report, flags, host);
  return exitCodeOf(report, flags.failOn ?? null);
};

const exitCodeOf = ({ findings, incomplete }: AuditReport, failOn: Level | null): number => {
  if (incomplete !== null) return 3;
  const isBad = findings.some(({ level }) => failOn !== null && rankOf(level) >= rankOf(failOn));
  return isBad ? 1 : 0;
};

/** Only what was read here is a file here: events tell of files of other machines too. */
const linksOf = ({ inputs }: AuditReport, cwd: string): AuditLinks => {
  const read = new Set(inputs.map(({ path }) => path));
  return {
    rules: rulesUrl(),
    file: (name) => (name !== '-' && read.has(name) ? fileUrl(name, cwd) : null),
  };
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
