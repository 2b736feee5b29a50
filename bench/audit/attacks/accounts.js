// Accounts that are taken over, or given more than they should have.
import { farAddress } from '../geoip.js';
import { DAY, MINUTE, SECOND } from '../story.js';

/** AL013: an administrator at once, by a token that was issued, and by one that was not. */
export const roleEscalation = (story, cast, plant) => {
  for (const level of ['medium', 'high']) {
    const { person, at } = cast.session();
    const context = cast.usesBy(person);
    const time = at + 5 * MINUTE;
    const who = cast.attacker();
    const options = { claims: { roles: ['user', 'admin'] } };
    const isIssued = level === 'medium';
    const token = isIssued
      ? story.issue(person, time, who, options)
      : story.mint(person, time, options);
    const requests = [1, 2].map((n) =>
      story.request({ time: time + n * 40 * SECOND, token, ...who, status: 200 }),
    );
    const lines = isIssued ? [...cast.usesOf(token), ...requests] : requests;
    const [rule, also] = ['AL013', isIssued ? [] : ['AL023']];
    plant({ rule, level, subject: person.id, lines, context, need: 1, also });
  }
};

/** AL012: a password is used at the other end of the world while its owner is at home. */
export const impossibleTravel = (story, cast, plant) => {
  const { person, at } = cast.session((one) => one.ip === one.person.home && one.ip.includes('.'));
  const context = cast.usesBy(person);
  const { agent } = cast.attacker();
  const who = { ip: farAddress(story.random), agent };
  const time = at + 6 * MINUTE;
  story.tell({ ...who, time, event: 'login_succeeded', status: 200, user: person });
  const token = story.issue(person, time, who);
  const requests = [1, 2, 3].map((n) =>
    story.request({ time: time + n * 30 * SECOND, token, ...who, status: 200 }),
  );
  const lines = [...cast.usesOf(token), ...requests];
  plant({ rule: 'AL012', level: 'medium', subject: person.id, lines, context, need: 1 });
};

/** AL017: passwords from a leak, tried from several addresses; of one account one fits. */
export const credentialStuffing = (story, cast, plant) => {
  for (const level of ['medium', 'critical']) {
    const [time, person] = [cast.moment(), cast.user()];
    const crew = Array.from({ length: 4 }, () => cast.attacker());
    const lines = Array.from({ length: 14 }, (_, n) =>
      story.tell({
        ...crew[n % crew.length],
        time: time + n * 15 * SECOND,
        event: 'login_failed',
        status: 401,
        user: person,
      }),
    );
    if (level === 'critical') {
      const success = {
        ...crew[1],
        time: time + 230 * SECOND,
        event: 'login_succeeded',
        status: 200,
      };
      lines.push(story.tell({ ...success, user: person }));
    }
    plant({ rule: 'AL017', level, subject: person.id, lines });
  }
};

/** AL024: somebody makes tokens for all and sundry. */
export const issueBurst = (story, cast, plant) => {
  const [time, who] = [cast.moment(), cast.attacker()];
  const lines = Array.from({ length: 60 }, (_, n) => {
    const person = { id: `u${1200 + (n % 30)}`, email: null, roles: ['user'] };
    const at = time + n * 4 * SECOND;
    return story.tell({ ...who, time: at, event: 'token_issued', token: story.mint(person, at) });
  });
  plant({ rule: 'AL024', level: 'medium', subject: who.ip, lines });
};

/** AL025: administrators from a network that is new, by their program and by another. */
export const firstSeenAdmin = (story, cast, plant) => {
  for (const level of ['low', 'medium']) {
    const [time, admin, attacker] = [cast.moment(), cast.admin(), cast.attacker()];
    const who = level === 'low' ? { ...attacker, agent: admin.laptop } : attacker;
    story.tell({ ...who, time, event: 'login_succeeded', status: 200, user: admin });
    const token = story.issue(admin, time + SECOND, who);
    const requests = [1, 2].map((n) =>
      story.request({ time: time + n * 40 * SECOND, token, ...who, status: 200 }),
    );
    const lines = [...cast.usesOf(token), ...requests];
    plant({ rule: 'AL025', level, subject: admin.id, lines, need: 1 });
  }
};

/** AL026: gone for seven weeks, back at night. */
export const dormantActive = (story, cast, plant) => {
  const [time, who, person] = [cast.moment() + DAY, cast.attacker(), cast.dormant()];
  const token = story.issue(person, time, who);
  const lines = Array.from({ length: 60 }, (_, n) =>
    story.request({ time: time + n * 20 * SECOND, token, ...who, status: 200 }),
  );
  const context = cast.usesOf(token);
  plant({ rule: 'AL026', level: 'low', subject: person.id, lines, context, need: 1 });
};
