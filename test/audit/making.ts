import type { Finding } from '../../src/audit/finding.ts';
import { createNetworks } from '../../src/audit/network.ts';
import type { Suppression } from '../../src/audit/suppress.ts';

/** A finding about user 12345, but for what it differs in. */
export const finding = (more: Partial<Finding> = {}): Finding => ({
  id: 'AL007-aaaaaaaaaaaa',
  rule: 'AL007',
  level: 'medium',
  title: 'Token used after its end',
  user_id: '12345',
  claimed_user_id: null,
  ip: '192.0.2.10',
  count: 3,
  first_seen: '2026-11-02T12:00:00Z',
  last_seen: '2026-11-02T12:05:00Z',
  why: 'a token was used',
  attack: [],
  evidence: evidenceOf('token-aaaaaaaaaa'),
  ...more,
});

/** Evidence of these tokens, a line each. */
export const evidenceOf = (...tokens: readonly (string | null)[]): Finding['evidence'] =>
  tokens.map((token_id, index) => ({
    file: 'auth.log',
    line: index + 1,
    offset: index * 400,
    token_id,
    time: '2026-11-02T12:00:00Z',
  }));

/** A suppression that names nothing, but for what it is given. */
export const suppression = (
  more: Partial<Suppression> & { readonly ip?: string } = {},
): Suppression => {
  const { ip, ...rest } = more;
  return {
    place: 'authlog.config.yaml:3: suppress[0]',
    rule: null,
    userId: null,
    networks: ip === undefined ? null : createNetworks([ip], 'ip'),
    tokenId: null,
    finding: null,
    reason: 'a load test',
    until: Date.parse('2027-01-01T00:00:00Z'),
    ...rest,
  };
};
