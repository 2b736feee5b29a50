import type { Finding } from '../../audit/finding.ts';
import { escapeText } from '../escape.ts';
import { locationOf } from './sarif-location.ts';
import { SECURITY_SEVERITY, sarifLevel } from './sarif-rule.ts';
import { whoText } from './words.ts';

/** A `result` (section 3.27): its place is the first evidence, the others are related. */
export const resultOf = (finding: Finding, ruleIndex: number): object => {
  const { id, rule, level, why, count, evidence } = finding;
  const [first, ...others] = evidence.map(locationOf).filter((location) => location !== null);
  return {
    ruleId: rule,
    ruleIndex,
    level: sarifLevel(level),
    message: { text: messageText(`${escapeText(why)} (${whoText(finding)})`) },
    ...(first === undefined ? null : { locations: [first] }),
    ...(others.length === 0 ? null : { relatedLocations: others.map(numbered) }),
    occurrenceCount: count,
    partialFingerprints: { 'authlogFinding/v1': id },
    properties: propertiesOf(finding),
  };
};

const numbered = (location: object, at: number): object => ({
  id: at + 1,
  message: { text: 'further evidence' },
  ...location,
});

const propertiesOf = (finding: Finding): object => ({
  'security-severity': SECURITY_SEVERITY[finding.level],
  level: finding.level,
  user_id: finding.user_id,
  claimed_user_id: finding.claimed_user_id,
  ip: finding.ip,
  first_seen: finding.first_seen,
  last_seen: finding.last_seen,
  why: finding.why,
  attack: finding.attack,
});

/** Text of a log in a message: brackets would make a link (section 3.11.6), numbers in braces a placeholder (3.11.5). */
export const messageText = (text: string): string =>
  text.replace(/[\\[\]]/g, String.raw`\$&`).replace(/\{(\d+)\}/g, '{{$1}}');
