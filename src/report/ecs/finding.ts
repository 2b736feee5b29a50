import type { AuditReport } from '../../audit/audit-report.ts';
import type { Finding } from '../../audit/finding.ts';
import type { Level } from '../../audit/level.ts';
import { escapeJsonText } from '../../event/escape-json.ts';
import type { AuditOptions, RuleTexts } from '../audit/reporter.ts';
import { told } from '../told.ts';
import { ECS_VERSION, relatedOf, sourceOf } from './base.ts';

/** `event.severity`, in the steps of Elastic's own detection rules. */
const SEVERITY: Readonly<Record<Level, number>> = {
  info: 1,
  low: 21,
  medium: 47,
  high: 73,
  critical: 99,
};

/** Each finding as an alert in the names of the Elastic Common Schema, one JSON a line. */
export const auditEcs = function* (
  { findings, now }: AuditReport,
  { rules, version }: Pick<AuditOptions, 'rules' | 'version'>,
): Generator<string> {
  const texts = new Map<string, RuleTexts>(rules.map((rule) => [rule.id, rule]));
  for (const finding of findings) {
    const alert = ecsFinding(finding, texts.get(finding.rule) ?? null, { now, version });
    yield `${escapeJsonText(JSON.stringify(alert))}\n`;
  }
};

const ecsFinding = (
  finding: Finding,
  rule: RuleTexts | null,
  { now, version }: { readonly now: string; readonly version: string },
): object => {
  const { user_id: user, claimed_user_id: claimed, ip, evidence } = finding;
  const file = evidence.find((one) => one.file !== null)?.file ?? null;
  return told({
    '@timestamp': finding.last_seen ?? now,
    ecs: { version: ECS_VERSION },
    message: finding.why,
    event: told({
      kind: 'alert',
      category: ['intrusion_detection'],
      type: ['info'],
      module: 'authlog',
      dataset: 'authlog.finding',
      id: finding.id,
      action: rule?.name,
      code: finding.rule,
      severity: SEVERITY[finding.level],
      start: finding.first_seen,
      end: finding.last_seen,
      reason: finding.why,
    }),
    rule: told({
      id: finding.rule,
      name: finding.title,
      description: rule?.condition,
      ruleset: 'authlog',
      version,
    }),
    threat: threatOf(finding.attack),
    user: user === null || user === '' ? null : { id: String(user) },
    source: sourceOf(ip),
    related: relatedOf(ip, [user]),
    log: file === null ? null : { file: { path: file } },
    authlog: told({
      level: finding.level,
      count: finding.count,
      action: rule?.action,
      claimed: claimed === null ? null : { user_id: String(claimed) },
      evidence: evidence.map((one) => told({ ...one })),
    }),
  });
};

/** Techniques, and what they are parts of: `T1550.001` is both itself and `T1550`. */
const threatOf = (attack: readonly string[]): object | null => {
  if (attack.length === 0) return null;
  const techniques = new Set(attack.map((id) => id.split('.')[0]!));
  const parts = attack.filter((id) => id.includes('.'));
  return {
    framework: 'MITRE ATT&CK',
    technique: {
      id: [...techniques],
      ...(parts.length === 0 ? null : { subtechnique: { id: parts } }),
    },
  };
};
