import type { AuditResult } from '../../audit.ts';
import type { AuditReport } from '../../audit/audit-report.ts';
import { countLevels, rankOf, type Level } from '../../audit/level.ts';
import { RULES } from '../../audit/rules/index.ts';
import { selectFindings, type Selected } from '../../audit/select.ts';
import type { ReadOptions } from '../../analyze.ts';
import { printable } from '../../keys/printable.ts';
import { auditReporters } from '../../report/audit/reporters.ts';
import type { AuditFormat, AuditLinks } from '../../report/audit/reporter.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import type { Incomplete } from '../../source/input.ts';
import { rfc3339 } from '../../summarize/time.ts';
import type { Notice } from '../../summarize/summary.ts';
import { resolveAuditSettings, type AuditSettings } from '../audit-settings.ts';
import type { AuditFlags } from '../define/audit-flags.ts';
import type { Host } from '../host.ts';
import { fileUrl, rulesUrl } from '../hyperlinks.ts';
import { onInterrupt } from '../interrupt.ts';
import { lookOf, themeFor } from '../look.ts';
import { packageVersion } from '../package-version.ts';
import { startProgress } from '../progress.ts';
import { resolveRead } from '../resolve.ts';
import { runRules } from '../run-rules.ts';
import { openReport } from '../pager.ts';

const TOP_OF_TABLE = 50;
const PAGED: ReadonlySet<AuditFormat> = new Set<AuditFormat>(['table', 'markdown']);
/** Formats that tell of remarks themselves. */
const FOR_PEOPLE: ReadonlySet<AuditFormat> = new Set<AuditFormat>(['table', 'markdown', 'digest']);

/** `authlog audit`: runs the rules over the sources, prints what they found; 1 where `--fail-on` says so. */
export const runAudit = async (
  sources: readonly string[],
  flags: AuditFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  const { options, incomplete, notices } = await resolveRead(sources, flags, host, isTyped);
  const settings = await resolveAuditSettings(flags, options, host);
  const sink = await openReport(flags, PAGED.has(formatOf(flags)), host);
  const progress = startProgress(host, options.inputs, flags.progress && flags.quiet !== true);
  const disarm = onInterrupt(options.inputs, () => '; nothing was written');
  try {
    const result = await runRules(options, settings, progress.onProgress);
    const selected = selectFindings(result.findings, settings.selection);
    const report = reportOf(options, result, selected, {
      incomplete,
      notices: [...notices, ...configNotice(settings), ...settings.notices],
    });
    progress.stop();
    const exitCode = exitCodeOf(report, flags.failOn ?? null);
    for (const chunk of await render(report, exitCode, flags, host)) await sink.write(chunk);
    await sink.close();
    await remark(report, flags, host);
    return exitCode;
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
};

/** A configuration can hide findings: which one was used is always told. */
const configNotice = ({ configFile }: AuditSettings): readonly Notice[] => {
  if (configFile === null) return [];
  return [{ code: 'config', message: `settings are those of ${printable(configFile)}`, count: 1 }];
};

interface Before {
  readonly incomplete: readonly Incomplete[];
  readonly notices: readonly Notice[];
}

const reportOf = (
  { now, ring, recordedOnly }: ReadOptions,
  result: AuditResult,
  { findings, suppressed, known, notices }: Selected,
  before: Before,
): AuditReport => {
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
    links: linksOf(report, host.cwd()),
  });
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
