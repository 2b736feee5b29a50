import type { Finding } from './finding.ts';
import { MOST_EVIDENCE } from './findings.ts';
import type { Networks } from './network.ts';
import type { Notice } from './notice.ts';

/** Findings that somebody knows to be harmless. All that is not null must hold of a finding. */
export interface Suppression {
  /** For messages: `authlog.config.yaml:12: suppress[0]`. */
  readonly place: string;
  readonly rule: string | null;
  readonly userId: string | number | null;
  readonly networks: Networks | null;
  readonly tokenId: string | null;
  readonly finding: string | null;
  readonly reason: string;
  /** Milliseconds: from then on it hides nothing. */
  readonly until: number;
}

export interface Suppressed {
  readonly findings: readonly Finding[];
  /** How many are not among them. */
  readonly suppressed: number;
  readonly notices: readonly Notice[];
}

/** Leaves out what the suppressions name; tells of those that ended, and of those that named nothing. */
export const suppress = (
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  now: number,
): Suppressed => {
  const uses = new Map(suppressions.map((one) => [one, 0]));
  const kept = findings.filter((finding) => {
    const named = suppressions.filter((one) => names(one, finding));
    for (const one of named) uses.set(one, uses.get(one)! + 1);
    return !named.some((one) => isOn(one, now));
  });
  const notices = suppressions.flatMap((one): readonly Notice[] => {
    const count = uses.get(one)!;
    if (!isOn(one, now)) return [endedNotice(one, count)];
    return count === 0 ? [unusedNotice(one)] : [];
  });
  return { findings: kept, suppressed: findings.length - kept.length, notices };
};

const isOn = ({ until }: Suppression, now: number): boolean => now < until;

/** Whether the finding is about nothing but what the suppression names. */
const names = (
  { rule, userId, networks, tokenId, finding: id }: Suppression,
  finding: Finding,
): boolean =>
  (rule === null || rule === finding.rule) &&
  (id === null || id === finding.id) &&
  // Never by what a forged token claims: whoever forges it chooses the user.
  (userId === null || userId === finding.user_id) &&
  (networks === null || (finding.ip !== null && networks.has(finding.ip))) &&
  (tokenId === null || isAllOf(tokenId, finding));

/** A finding with as much evidence as one can show may be about other tokens too. */
const isAllOf = (tokenId: string, { evidence }: Finding): boolean =>
  evidence.length > 0 &&
  evidence.length < MOST_EVIDENCE &&
  evidence.every(({ token_id }) => token_id === tokenId);

const endedNotice = ({ place, until, reason }: Suppression, count: number): Notice => {
  const end = new Date(until).toISOString().replace(/\.000Z$/, 'Z');
  const what =
    count === 0
      ? ''
      : `, so that ${count === 1 ? '1 finding is' : `${count} findings are`} shown again`;
  return {
    code: 'suppression_ended',
    message: `${place} ended at ${end} (${reason})${what}`,
    count: Math.max(1, count),
  };
};

const unusedNotice = ({ place, reason }: Suppression): Notice => ({
  code: 'suppression_unused',
  message: `${place} hides nothing (${reason})`,
  count: 1,
});
