import type { AuditReport } from '../../audit/audit-report.ts';
import { clientAddress } from '../../audit/client-address.ts';
import type { EngineResult } from '../../audit/engine.ts';
import type { Finding } from '../../audit/finding.ts';
import { selectFindings } from '../../audit/select.ts';
import { DEFAULT_MAX_USERS } from '../../analyze.ts';
import { LiveAudit } from '../../follow/live-audit.ts';
import { auditJson } from '../../report/audit/json.ts';
import { onOneLine } from '../../report/one-line.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { brokenChains } from '../chains.ts';
import type { AuditFlags } from '../define/audit-flags.ts';
import type { Host } from '../host.ts';
import { themeFor } from '../look.ts';
import { auditReportOf } from '../audit-report.ts';
import { concludeAudit, printAudit } from '../print-audit.ts';
import type { ResolvedRead } from '../resolve.ts';
import { onStop } from '../stop.ts';
import { streamSink } from '../write.ts';
import { heldNotice } from './follow-analyze.ts';
import { mannerOf } from './follow-flags.ts';
import { Session } from './session.ts';
import { showLive } from './show.ts';

/** Late lines of a log that is being written are later by seconds, and somebody is waiting. */
const LATENESS_MS = 5000;
/** To guess secrets takes longer than a person who typed `q` would wait. */
const LEFT_OUT = 'AL018';

/** `authlog audit --follow`: findings as they occur, and the report at the end. */
export const followAudit = async (
  sources: readonly string[],
  flags: AuditFlags,
  host: Host,
  { options, notices }: Pick<ResolvedRead, 'options' | 'notices'>,
  settings: AuditSettings,
): Promise<number> => {
  const { isScreen, interval } = await mannerOf(flags, host);
  const { context, learn, proxies, trustedProxies, selection } = settings;
  const audit = new LiveAudit(
    {
      rules: settings.rules.filter(({ rule }) => rule.id !== LEFT_OUT),
      lateness: flags.lateness === undefined ? LATENESS_MS : settings.lateness,
      from: options.since ?? Number.NaN,
      learn: learn ?? 0,
    },
    {
      ...context,
      weakSecrets: [],
      files: [],
      brokenChains: await brokenChains(options.inputs, host.cwd()),
    },
  );
  const since = options.since ?? null;
  const session = new Session({
    sources,
    read: { ...options, since: since === null ? null : since - (learn ?? 0) },
    isFrozen: flags.now !== undefined,
    maxUsers: DEFAULT_MAX_USERS,
    audit,
    clientAddress: proxies.length === 0 ? null : (ip) => clientAddress(ip, trustedProxies),
    forwarded: proxies.length > 0,
    host,
  });
  const reportOf = (result: EngineResult): AuditReport => {
    const { now, read, incomplete, held } = session;
    const all = { ...result, read, incomplete, remarks: [] };
    const before = { incomplete: [], notices: [...notices, ...heldNotice(held)] };
    return auditReportOf({ ...options, now }, all, settings, before);
  };
  const finish = (): AuditReport => {
    const recorded = new Set(session.read.filter((one) => one.recorded).map(({ path }) => path));
    const logs = options.inputs.filter(({ kind, path }) => kind === 'file' && !recorded.has(path));
    return reportOf(audit.finish(logs.map(({ path, mode }) => ({ path, mode }))));
  };
  const stop = onStop();
  stop.signal.addEventListener('abort', () => session.end());
  const sink = streamSink(host.stdout, 'standard output');
  try {
    if (isScreen) {
      const theme = await themeFor(host, host.stdout, flags.color);
      const isVerified = options.ring !== null || options.recordedOnly === true;
      const findings = (): readonly Finding[] =>
        selectFindings(audit.findings(), selection).findings;
      await showLive({ session, host, theme, command: 'audit', isVerified, findings }, interval);
      return await printAudit(finish(), flags, host, sink);
    }
    const write = async (report: AuditReport): Promise<void> => {
      for (const chunk of onOneLine(auditJson(report))) await sink.write(chunk);
    };
    await session.run(interval, () => write(reportOf(audit.result())));
    const last = finish();
    await write(last);
    await sink.close();
    return await concludeAudit(last, { ...flags, json: true }, host);
  } finally {
    stop.disarm();
  }
};
