// People at work: logins with typos, tokens renewed by the hour, phones that change networks, laptops that sleep.
import { mobileAddress, OFFICE } from './people.js';
import { HOUR, MINUTE, PROXY, SECOND, WEEK_END } from './story.js';

/** Of the requests: a tenth is also in the proxy's log, a seventh in the proxy's only. */
const send = (story, visit, time, more = {}) => {
  const { random } = story;
  const { ip, agent, token } = visit;
  const what = { time, ip, agent, token, ...more };
  const dice = random(100);
  if (dice < 14) return story.request({ ...what, isInQuery: random(2) === 0 }, 'proxy');
  const request = story.request(what);
  const { id, server, path, method, status } = request;
  if (dice < 24) story.proxy.push({ ...request, logged: time });
  // The proxy asks first whether the request may pass, by its own address.
  else if (dice < 29) {
    story.request({
      ...what,
      id,
      server,
      path: '/_auth',
      method: 'GET',
      status,
      ip: PROXY,
      forwarded: ip,
    });
  } else if (dice < 30) Object.assign(request, { isMasked: true });
  else if (dice < 33) Object.assign(request, { ip: PROXY, forwarded: ip, path, method });
  return request;
};

const logIn = (story, { person, ip, agent }, time) => {
  const { random } = story;
  const told = { ip, agent, user: person };
  let at = time;
  if (random(12) === 0) {
    for (let typos = 1 + random(2); typos > 0; typos--) {
      story.tell({ ...told, time: at, event: 'login_failed', status: 401 });
      at += 4 * SECOND + random(15 * SECOND);
    }
  }
  story.tell({ ...told, time: at, event: 'login_succeeded', status: 200 });
  return at + 300;
};

const renew = (story, visit, time) => {
  visit.token = story.issue(visit.person, time, visit);
  story.sessions.push({ ...visit, from: time });
};

/** Somebody finds out that the token is over: one answer of 401 or a few at once, then a new token. */
const findOut = (story, visit, time) => {
  let at = time;
  for (let tries = 1 + story.random(3); tries > 0; tries--) {
    send(story, visit, at, { status: 401 });
    at += 200 + story.random(2 * SECOND);
  }
  renew(story, visit, at);
  return at + 200;
};

const pause = (random) =>
  random(10) < 5 ? SECOND + random(15 * SECOND) : 30 * SECOND + random(530 * SECOND);

const use = (story, visit, from, until) => {
  const { random } = story;
  for (let time = from; time < until; time += pause(random)) {
    if (visit.isPhone && random(25) === 0) {
      visit.ip = visit.ip === visit.person.home ? mobileAddress(random) : visit.person.home;
    }
    const left = visit.token.claims.exp * SECOND - time;
    if (left < -40 * SECOND) time = findOut(story, visit, time);
    else if (left < MINUTE && left > 0 && random(10) < 9) renew(story, visit, time);
    send(story, visit, time);
  }
};

/** One visit of a person, from login to the last request. */
export const visit = (story, person, start, minutes, { isPhone, ip }) => {
  const { random } = story;
  const agent = isPhone ? person.phone : person.laptop;
  const one = { person, agent, ip, isPhone, token: null };
  const from = logIn(story, one, start);
  renew(story, one, from);
  const until = from + minutes * MINUTE;
  use(story, one, from + 400, until);
  const wakes = until + HOUR + random(4 * HOUR);
  if (random(12) === 0 && wakes < WEEK_END - HOUR) {
    const at = one.token.claims.exp * SECOND < wakes ? findOut(story, one, wakes) : wakes;
    use(story, one, at, at + 5 * MINUTE);
  } else if (random(10) === 0) {
    const time = until + 6 * MINUTE;
    if (time > one.token.claims.exp * SECOND) return;
    story.tell({ time, event: 'token_revoked', token: one.token, ip: one.ip, agent });
  }
};

/** Hours of the day at which visits begin: few at night, two humps on working days. */
const WORKDAY = [1, 0, 0, 0, 0, 1, 3, 7, 12, 13, 11, 9, 7, 9, 11, 10, 9, 8, 6, 6, 7, 6, 4, 2];
const WEEKEND = [2, 1, 1, 0, 0, 0, 1, 2, 4, 6, 8, 9, 9, 8, 8, 8, 7, 7, 8, 9, 9, 8, 6, 4];

const hourOf = (random, weights) => {
  let left = random(weights.reduce((sum, weight) => sum + weight, 0));
  return weights.findIndex((weight) => (left -= weight) < 0);
};

/** The visits of a person on a day that begins at `day`. */
export const liveDay = (story, person, day, isWeekend) => {
  const { random } = story;
  const visits = isWeekend ? Number(random(10) < 3) : random(10) < 1 ? 0 : 1 + random(2);
  for (let n = 0; n < visits; n++) {
    const hour = hourOf(random, isWeekend ? WEEKEND : WORKDAY);
    const shifted = isWeekend ? hour : Math.min(22, Math.max(0, hour + person.shift));
    const start = day + shifted * HOUR + random(HOUR);
    const isAtWork = !isWeekend && person.isInOffice && hour > 6 && hour < 18;
    const isPhone = !isAtWork && random(5) < 2;
    const ip = isAtWork ? OFFICE : isPhone && random(2) ? mobileAddress(random) : person.home;
    visit(story, person, start, 5 + random(75), { isPhone, ip });
  }
};
