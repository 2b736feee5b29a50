// Good tokens in wrong hands, or at a wrong time.
import { assertion, presentAssertion } from '../mess.js';
import { DAY, HOUR, ISSUER, MINUTE, SECOND } from '../story.js';

const iso = (time) => new Date(time).toISOString();

/** AL007: a server that does not look at exp; somebody who keeps trying. */
export const expiredUse = (story, cast, plant) => {
  const { token, person, ip, agent } = cast.session();
  const end = token.claims.exp * SECOND;
  const lines = [5, 9].map((minutes) =>
    story.request({ time: end + minutes * MINUTE, token, ip, agent, status: 200 }),
  );
  plant({ rule: 'AL007', level: 'high', subject: person.id, lines });
  const other = cast.session();
  const who = cast.attacker();
  const from = other.token.claims.exp * SECOND + HOUR;
  const tries = Array.from({ length: 6 }, (_, n) =>
    story.request({ time: from + n * 70 * SECOND, token: other.token, ...who, status: 401 }),
  );
  plant({ rule: 'AL007', level: 'medium', subject: other.person.id, lines: tries, need: 5 });
};

/** AL008: from an old log; refused, and let in. */
export const staleExpired = (story, cast, plant) => {
  for (const [level, status] of [
    ['medium', 401],
    ['high', 200],
  ]) {
    const [time, who, person] = [cast.moment(), cast.attacker(), cast.user()];
    const issued = time - 20 * DAY;
    const token = story.mint(person, issued, { kid: 'k1' });
    story.tell({ time: issued, event: 'token_issued', token }, story.history);
    const lines = [story.request({ time, token, ...who, status })];
    plant({ rule: 'AL008', level, subject: person.id, lines, also: ['AL007'] });
  }
};

/** AL009: after an event that revokes; by the list. */
export const revokedUse = (story, cast, plant) => {
  const told = cast.session();
  const revocation = story.tell({
    time: told.at + MINUTE,
    event: 'token_revoked',
    token: told.token,
  });
  const { ip, agent, token, person } = told;
  const lines = [3, 8].map((minutes) =>
    story.request({ time: told.at + minutes * MINUTE, token, ip, agent, status: 200 }),
  );
  const context = [revocation, ...told.uses];
  plant({ rule: 'AL009', level: 'high', subject: person.id, lines, context });
  const listed = cast.session();
  story.revocations.push({
    jti: listed.token.claims.jti,
    issuer: ISSUER,
    revoked_at: iso(listed.at + MINUTE),
  });
  const after = [4, 6].map((minutes) =>
    story.request({
      time: listed.at + minutes * MINUTE,
      token: listed.token,
      ip: listed.ip,
      agent: listed.agent,
      status: 200,
    }),
  );
  const subject = listed.person.id;
  plant({ rule: 'AL009', level: 'high', subject, lines: after, context: listed.uses });
};

/** AL010: somebody else, elsewhere, at the same time. */
export const tokenShared = (story, cast, plant) => {
  for (let n = 0; n < 2; n++) {
    const { token, person, at, uses } = cast.session();
    const who = cast.attacker();
    const lines = [4, 7].map((minutes) =>
      story.request({ time: at + minutes * MINUTE, token, ...who, status: 200 }),
    );
    const context = uses;
    plant({ rule: 'AL010', level: 'high', subject: person.id, lines, context, need: 1 });
  }
};

/** AL011: what was good once is sent twice. */
export const singleUseReplay = (story, cast, plant) => {
  const time = cast.moment();
  const token = assertion(story, time);
  const first = presentAssertion(story, time + SECOND, token);
  const again = story.request({
    ...cast.attacker(),
    time: time + 40 * SECOND,
    token,
    method: 'POST',
    path: first.path,
    status: 200,
  });
  const context = cast.usesOf(token);
  plant({
    rule: 'AL011',
    level: 'high',
    subject: token.id,
    lines: [again],
    context,
    also: ['AL010'],
  });
};

/** AL027: one token walks through everything; and through what is forbidden. */
export const enumeration = (story, cast, plant) => {
  const kinds = [
    (n) => ({ path: `/api/users/${5000 + n * 7}/invoices`, status: 200 }),
    (n) => ({ path: `/api/admin/${n % 9}`, status: 403 }),
  ];
  for (const whatAt of kinds) {
    const { person, token, ip, agent, at, uses } = cast.session();
    const lines = Array.from({ length: 75 }, (_, n) =>
      story.request({ time: at + MINUTE + n * 2 * SECOND, token, ip, agent, ...whatAt(n) }),
    );
    plant({ rule: 'AL027', level: 'medium', subject: person.id, lines, context: uses, need: 5 });
  }
};
