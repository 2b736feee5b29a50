import type { AuditReport } from '../../audit/audit-report.ts';
import type { Evidence, Finding } from '../../audit/finding.ts';
import { escapeJsonText } from '../../event/escape-json.ts';
import type { AuditOptions, RuleTexts } from '../audit/reporter.ts';
import { endpointOf, metadata, millisecondsOf, SEVERITY, userOf } from './base.ts';
import { told } from '../told.ts';

const CLASS = 2004;
const CREATE = 1;
const NEW = 1;
const RULE = 1;
/** The ATT&CK release whose ids the rules name. */
const ATTACK_VERSION = '19';

/** Each finding as a Detection Finding (OCSF class 2004), one JSON a line. */
export const auditOcsf = function* (
  { findings, now }: AuditReport,
  { rules, version }: Pick<AuditOptions, 'rules' | 'version'>,
): Generator<string> {
  const texts = new Map<string, RuleTexts>(rules.map((rule) => [rule.id, rule]));
  for (const finding of findings) {
    const detection = ocsfFinding(finding, texts.get(finding.rule) ?? null, { now, version });
    yield `${escapeJsonText(JSON.stringify(detection))}\n`;
  }
};

const ocsfFinding = (
  finding: Finding,
  rule: RuleTexts | null,
  { now, version }: { readonly now: string; readonly version: string },
): object => {
  const first = millisecondsOf(finding.first_seen);
  const last = millisecondsOf(finding.last_seen);
  return {
    activity_id: CREATE,
    category_uid: 2,
    class_uid: CLASS,
    type_uid: CLASS * 100 + CREATE,
    severity_id: SEVERITY[finding.level],
    status_id: NEW,
    time: last ?? millisecondsOf(now) ?? 0,
    ...told({ start_time: first, end_time: last }),
    count: finding.count,
    is_alert: true,
    message: finding.why,
    metadata: { ...metadata(version, []), uid: finding.id, event_code: finding.rule },
    finding_info: findingInfo(finding, rule),
    evidences: evidencesOf(finding),
    ...(rule === null ? null : { remediation: { desc: rule.action } }),
    unmapped: told({
      level: finding.level,
      user_id: finding.user_id,
      claimed_user_id: finding.claimed_user_id,
    }),
  };
};

const findingInfo = (finding: Finding, rule: RuleTexts | null): object =>
  told({
    uid: finding.id,
    title: finding.title,
    desc: rule?.meaning,
    first_seen_time: millisecondsOf(finding.first_seen),
    last_seen_time: millisecondsOf(finding.last_seen),
    analytic: told({
      uid: finding.rule,
      name: rule?.name ?? finding.rule,
      desc: rule?.condition,
      type_id: RULE,
    }),
    attacks: finding.attack.map((uid) => ({
      version: ATTACK_VERSION,
      ...(uid.includes('.')
        ? { technique: { uid: uid.split('.')[0] }, sub_technique: { uid } }
        : { technique: { uid } }),
    })),
    data_sources: [...new Set(finding.evidence.map(({ file }) => file))].filter(
      (file) => file !== null,
    ),
  });

/** Who and from where with each; a finding without lines has still one. */
const evidencesOf = ({ user_id, ip, evidence }: Finding): readonly object[] => {
  const user = userOf(user_id);
  const actors = told({
    actor: user === null ? null : { user },
    src_endpoint: ip === null ? null : endpointOf(ip),
  });
  if (evidence.length === 0) return Object.keys(actors).length === 0 ? [] : [actors];
  return evidence.map((one) => ({ ...actors, ...evidenceOf(one) }));
};

const evidenceOf = ({ file, line, offset, token_id, time }: Evidence): object =>
  told({ uid: token_id, data: told({ file, line, offset, token_id, time }) });
