import type { AuditReport } from '../../audit/audit-report.ts';
import type { Evidence, Finding } from '../../audit/finding.ts';
import { LEVELS } from '../../audit/level.ts';
import { escapeJsonText } from '../../event/escape-json.ts';
import { list, pretty } from '../json-pieces.ts';

/** The report as one JSON document (`authlog.findings/1`), indented by two. */
export const auditJson = function* (report: AuditReport): Generator<string> {
  const { schema, now, verification, inputs, totals, rules, incomplete } = report;
  const head = {
    schema,
    now,
    verification: { mode: verification.mode, verified_by: verification.verified_by },
  };
  yield '{\n';
  for (const [name, value] of Object.entries(head)) yield member(name, value);
  yield* list('inputs', inputs, ({ path, bytes, lines }) => ({ path, bytes, lines }));
  yield* list('findings', report.findings, findingRecord);
  yield member('totals', totalsRecord(totals));
  yield member('rules', { ran: rules.ran, idle: rules.idle });
  yield* list('notices', report.notices, ({ code, message, count }) => ({ code, message, count }));
  const failures =
    incomplete?.map(({ path, reason, detail }) => ({ path, reason, detail })) ?? null;
  yield `  "incomplete": ${pretty(failures, 1)}\n}\n`;
};

/** One finding a line, and nothing else. */
export const auditNdjson = function* ({ findings }: AuditReport): Generator<string> {
  for (const finding of findings) {
    yield `${escapeJsonText(JSON.stringify(findingRecord(finding)))}\n`;
  }
};

const member = (name: string, value: unknown): string => `  "${name}": ${pretty(value, 1)},\n`;

// Each record is rebuilt: the order of its keys is part of the contract, and nothing else gets out.

const findingRecord = (finding: Finding): Finding => ({
  id: finding.id,
  rule: finding.rule,
  level: finding.level,
  title: finding.title,
  user_id: finding.user_id,
  claimed_user_id: finding.claimed_user_id,
  ip: finding.ip,
  count: finding.count,
  first_seen: finding.first_seen,
  last_seen: finding.last_seen,
  why: finding.why,
  attack: finding.attack,
  evidence: finding.evidence.map(evidenceRecord),
});

const evidenceRecord = ({ file, line, offset, token_id, time }: Evidence): Evidence => ({
  file,
  line,
  offset,
  token_id,
  time,
});

const totalsRecord = (totals: AuditReport['totals']): AuditReport['totals'] => {
  const { levels } = totals;
  const worstFirst = LEVELS.toReversed().map((level) => [level, levels[level]] as const);
  return {
    events: totals.events,
    findings: totals.findings,
    levels: Object.fromEntries(worstFirst) as AuditReport['totals']['levels'],
    suppressed: totals.suppressed,
    known: totals.known,
  };
};
