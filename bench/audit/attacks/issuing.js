// Tokens that are signed, and should not be.
import { hmacToken } from '../keys.js';
import { DAY, SECOND } from '../story.js';

const YEAR = 365 * 86_400;

/** AL018: a test system with the secret of a tutorial. */
export const weakSecret = (story, cast, plant) => {
  const [time, who, person] = [cast.moment(), cast.attacker(), cast.user()];
  const { claims } = story.mint(person, time);
  const token = hmacToken('your-256-bit-secret', { kid: 'staging' }, claims);
  const lines = [story.request({ time, token, ...who, status: 401 })];
  const also = ['AL002', 'AL019'];
  plant({ rule: 'AL018', level: 'critical', subject: 'staging', lines, also });
};

/** AL020: of another house that has our key; refused and let in. */
export const foreignIssuer = (story, cast, plant) => {
  for (const [level, status] of [
    ['medium', 401],
    ['high', 200],
  ]) {
    const [time, who, person] = [cast.moment(), cast.attacker(), cast.user()];
    const token = story.issue(person, time, who, {
      claims: { iss: 'https://login.partner.example' },
    });
    const lines = [story.request({ time: time + SECOND, token, ...who, status })];
    const context = cast.usesOf(token);
    plant({ rule: 'AL020', level, subject: person.id, lines, context, also: ['AL023'] });
  }
};

/** AL021: two years; no end at all. */
export const excessiveLifetime = (story, cast, plant) => {
  for (const [level, expAt] of [
    ['medium', (iat) => iat + 2 * YEAR],
    ['low', () => undefined],
  ]) {
    const person = cast.user();
    const time = cast.moment();
    const where = { ip: person.home, agent: person.laptop };
    const exp = expAt(Math.floor(time / SECOND));
    const token = story.issue(person, time, where, { claims: { exp } });
    const lines = [0, 1].map((n) =>
      story.request({
        time: time + SECOND + n * DAY,
        token,
        ...where,
        status: 200,
      }),
    );
    const also = ['AL028'];
    plant({
      rule: 'AL021',
      level,
      subject: person.id,
      lines: [...cast.usesOf(token), ...lines],
      also,
      need: 1,
      isShared: true,
    });
  }
};

/** AL022: issued tomorrow; over before it was issued; milliseconds for seconds. */
export const oddTime = (story, cast, plant) => {
  const kinds = [
    (now) => ({ iat: now + 7200, nbf: now, exp: now + 9000 }),
    (now) => ({ iat: now, nbf: now - 600, exp: now - 30 }),
    (now) => ({ iat: now, nbf: now, exp: (now + 3600) * 1000 }),
  ];
  for (const claimsAt of kinds) {
    const [time, person] = [cast.moment(), cast.user()];
    const where = { ip: person.home, agent: person.laptop };
    const claims = claimsAt(Math.floor(time / SECOND));
    const token = story.issue(person, time, where, { claims });
    const lines = [story.request({ time: time + SECOND, token, ...where, status: 200 })];
    const context = cast.usesOf(token);
    const also = ['AL021', 'AL028'];
    const isShared = true;
    plant({ rule: 'AL022', level: 'low', subject: person.id, lines, context, also, isShared });
  }
};

/** AL023: signed with our key, and nobody issued it. */
export const unissuedToken = (story, cast, plant) => {
  const [time, who, person] = [cast.moment(), cast.attacker(), cast.user()];
  const token = story.mint(person, time, { claims: { jti: `x-${story.next()}` } });
  const lines = [1, 2, 3].map((n) =>
    story.request({ time: time + n * 5 * SECOND, token, ...who, status: 200 }),
  );
  const isShared = true;
  plant({ rule: 'AL023', level: 'critical', subject: person.id, lines, need: 1, isShared });
};
