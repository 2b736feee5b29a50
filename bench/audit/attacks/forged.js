// Tokens that nobody issued.
import { createHash } from 'node:crypto';
import { hmacToken, tampered, tokenOf } from '../keys.js';
import { MINUTE, SECOND } from '../story.js';

const noise = (story) => (input) =>
  createHash('sha256').update(`${story.next()} ${input}`).digest('base64url');

/** A token with a signature that no key made. */
export const forged = (story, person, time, more) => {
  const { header, claims } = story.mint(person, time, more);
  return tokenOf(header, claims, noise(story));
};

const unsigned = (story, person, time, alg = 'none') => {
  const { claims } = story.mint(person, time);
  return tokenOf({ alg, typ: 'JWT' }, claims, () => '');
};

const series = (story, { time, pause, who, count }, tokenAt, more) =>
  Array.from({ length: count }, (_, n) =>
    story.request({ time: time + n * pause, token: tokenAt(n), ...who, ...more }),
  );

/** AL001: refused in three spellings; let in. An empty signature. */
export const algNone = (story, cast, plant) => {
  const [time, who, user] = [cast.moment(), cast.attacker(), cast.user()];
  const lines = ['none', 'None', 'nOnE'].map((alg, n) =>
    story.request({
      time: time + n * 4 * SECOND,
      token: unsigned(story, user, time, alg),
      ...who,
      status: 401,
    }),
  );
  plant({ rule: 'AL001', level: 'high', subject: who.ip, lines });
  const [later, other, victim] = [cast.moment(), cast.attacker(), cast.user()];
  const empty = { header: { alg: 'HS256', typ: 'JWT', kid: 'k2' } };
  const { claims } = story.mint(victim, later);
  const accepted = series(
    story,
    { time: later, pause: 9 * SECOND, who: other, count: 2 },
    (n) => (n ? unsigned(story, victim, later) : tokenOf(empty.header, claims, () => '')),
    { status: 200 },
  );
  plant({ rule: 'AL001', level: 'critical', subject: other.ip, lines: accepted });
};

/** AL002: one that was damaged or tried once; a series; one that was let in. */
export const forgedSignature = (story, cast, plant) => {
  const lone = cast.moment();
  const victim = cast.user();
  const [one] = series(
    story,
    { time: lone, pause: 0, who: { ip: victim.home, agent: victim.laptop }, count: 1 },
    () => forged(story, victim, lone),
    { status: 401 },
  );
  plant({ rule: 'AL002', level: 'low', subject: 'lone tokens', lines: [one], isShared: true });
  const [time, who, user] = [cast.moment(), cast.attacker(), cast.user()];
  const lines = series(
    story,
    { time, pause: 40 * SECOND, who, count: 4 },
    () => forged(story, user, time),
    { status: 401 },
  );
  plant({ rule: 'AL002', level: 'medium', subject: who.ip, lines, need: 3 });
  const [later, other] = [cast.moment(), cast.attacker()];
  const accepted = series(
    story,
    { time: later, pause: 0, who: other, count: 1 },
    () => forged(story, cast.user(), later),
    { status: 200 },
  );
  plant({ rule: 'AL002', level: 'critical', subject: other.ip, lines: accepted });
};

/** AL003: unsigned tokens, then a password that was guessed: a token that is good. */
export const forgeryThenSuccess = (story, cast, plant) => {
  const [time, who, user] = [cast.moment(), cast.attacker(), cast.user()];
  const tries = series(
    story,
    { time, pause: 20 * SECOND, who, count: 2 },
    () => unsigned(story, user, time),
    { status: 401 },
  );
  const at = time + 6 * MINUTE;
  story.tell({ ...who, time: at, event: 'login_succeeded', status: 200, user });
  const token = story.issue(user, at, who);
  const [good] = series(story, { time: at + 2 * SECOND, pause: 0, who, count: 1 }, () => token, {
    status: 200,
  });
  const lines = [...tries, good];
  plant({ rule: 'AL003', level: 'critical', subject: who.ip, lines, also: ['AL001'] });
};

/** AL004: HMAC under the name of a public key; HMAC made with the bytes of that key. */
export const algConfusion = (story, cast, plant) => {
  for (const [level, secret] of [
    ['high', 'a guess'],
    ['critical', story.keys.service.pem],
  ]) {
    const [time, who] = [cast.moment(), cast.attacker()];
    const { claims } = story.mint(cast.user(), time);
    const lines = series(
      story,
      { time, pause: 5 * SECOND, who, count: 2 },
      (n) => hmacToken(secret, { kid: 'svc' }, { ...claims, n }),
      { status: 401 },
    );
    plant({ rule: 'AL004', level, subject: who.ip, lines });
  }
};

/** AL005: keys of the attacker's choice; a path, a query and a command as key id. */
export const headerInjection = (story, cast, plant) => {
  const kinds = [
    [{ jku: 'https://keys.example.net/k.json' }, { jwk: { kty: 'oct', k: 'AAAA' } }],
    [{ kid: '../../../../dev/null' }, { kid: "k1' UNION SELECT 'x" }, { kid: 'k1;sleep 9' }],
  ];
  for (const headers of kinds) {
    const [time, who, user] = [cast.moment(), cast.attacker(), cast.user()];
    const lines = headers.map((header, n) =>
      story.request({
        time: time + n * 8 * SECOND,
        token: forged(story, user, time, { header }),
        ...who,
        status: 401,
      }),
    );
    plant({ rule: 'AL005', level: 'high', subject: who.ip, lines, also: ['AL002', 'AL019'] });
  }
};

/** AL006: a token of a user's, changed twice, its signature kept. */
export const tamperPair = (story, cast, plant) => {
  const { token, at, uses } = cast.session();
  const who = cast.attacker();
  const lines = ['u1001', 'u1002'].map((sub, n) =>
    story.request({
      time: at + (3 + n) * MINUTE,
      token: tampered(token, { sub }),
      ...who,
      status: 401,
    }),
  );
  const also = ['AL002', 'AL014'];
  const subject = token.id;
  plant({ rule: 'AL006', level: 'high', subject, lines, context: uses, also, need: 1 });
};

/** AL014: in the name of an administrator, and with a role that nobody gave. */
export const privilegedForgery = (story, cast, plant) => {
  const [time, who, admin] = [cast.moment(), cast.attacker(), cast.admin()];
  const unsignedLines = series(
    story,
    { time, pause: 3 * SECOND, who, count: 2 },
    () => unsigned(story, admin, time),
    { status: 401 },
  );
  const lines = unsignedLines;
  plant({ rule: 'AL014', level: 'high', subject: who.ip, lines, also: ['AL001'] });
  const [later, other, user] = [cast.moment(), cast.attacker(), cast.user()];
  const claimed = series(
    story,
    { time: later, pause: 3 * SECOND, who: other, count: 2 },
    () => forged(story, user, later, { claims: { roles: ['user', 'admin'] } }),
    { status: 403 },
  );
  plant({ rule: 'AL014', level: 'high', subject: other.ip, lines: claimed, also: ['AL002'] });
};

/** AL015: many different signatures from one address. AL016: many names. AL019: many key ids. */
export const guessing = (story, cast, plant) => {
  const [time, who, user] = [cast.moment(), cast.attacker(), cast.user()];
  const guesses = series(
    story,
    { time, pause: 6 * SECOND, who, count: 40 },
    () => forged(story, user, time),
    { status: 401 },
  );
  plant({ rule: 'AL015', level: 'high', subject: who.ip, lines: guesses, also: ['AL002'] });
  const [later, other] = [cast.moment(), cast.attacker()];
  const names = series(
    story,
    { time: later, pause: 25 * SECOND, who: other, count: 14 },
    () => forged(story, cast.user(), later),
    { status: 401 },
  );
  plant({
    rule: 'AL016',
    level: 'high',
    subject: other.ip,
    lines: names,
    also: ['AL002', 'AL015'],
  });
  const [third, scanner, name] = [cast.moment(), cast.attacker(), cast.user()];
  const kids = series(
    story,
    { time: third, pause: 30 * SECOND, who: scanner, count: 7 },
    (n) => forged(story, name, third, { header: { kid: `prod-${n}` } }),
    { status: 401 },
  );
  plant({ rule: 'AL019', level: 'medium', subject: scanner.ip, lines: kids });
};
