// What else is in a week's log: programs, health checks, a load test, the day on which the key changed.
import { serviceToken } from './keys.js';
import { AUDIENCE, DAY, HOUR, MINUTE, ROTATION, SECOND, WEEK_END, WEEK_START } from './story.js';

const SYNC = { ip: '192.0.2.40', agent: 'shop-sync/2.3 (linux)' };
export const SERVICE = { id: 'svc-sync', email: null, roles: ['service'] };
export const ASSERTION_PATH = '/oauth/token';

/** A token that is good once: a service proves who it is (RFC 7523). */
export const assertion = (story, time) => {
  const iat = Math.floor(time / SECOND);
  const claims = { iss: SERVICE.id, sub: SERVICE.id, aud: AUDIENCE, iat, exp: iat + 120 };
  return serviceToken(
    story.keys,
    { typ: 'client-authentication+jwt' },
    { ...claims, jti: `a-${story.next()}` },
  );
};

/** A request with an assertion. */
export const presentAssertion = (story, time, token) =>
  story.request({
    time,
    token,
    ...SYNC,
    method: 'POST',
    path: ASSERTION_PATH,
    status: 200,
    server: 0,
  });

/** A program that fetches orders all around the clock, and gets its token by an assertion. */
const sync = (story) => {
  let token = null;
  for (let time = WEEK_START + MINUTE; time < WEEK_END; time += 6 * MINUTE + story.random(MINUTE)) {
    if (token === null || token.claims.exp * SECOND - time < 10 * MINUTE) {
      presentAssertion(story, time, assertion(story, time));
      token = story.issue(SERVICE, time + 300, SYNC);
    }
    story.request({
      time: time + 2 * SECOND,
      token,
      ...SYNC,
      method: 'GET',
      path: '/api/orders',
      status: 200,
    });
  }
};

const healthChecks = (story) => {
  for (let time = WEEK_START; time < WEEK_END; time += 5 * MINUTE) {
    for (const server of [0, 1, 2]) {
      story.request({
        time: time + server * 700,
        server,
        ip: '10.0.0.9',
        agent: 'kube-probe/1.33',
        method: 'GET',
        path: '/healthz',
        status: 200,
        token: null,
      });
    }
  }
};

/** Thursday at noon: one token, one address, thousands of requests to four paths. */
const loadTest = (story, requests) => {
  const start = WEEK_START + 3 * DAY + 12 * HOUR;
  const person = { id: 'loadtest', email: 'load@shop.example', roles: ['user'] };
  const where = { ip: '192.0.2.200', agent: 'k6/1.3.0 (https://k6.io/)' };
  const token = story.issue(person, start, where);
  for (let n = 0; n < requests; n++) {
    story.request({
      time: start + SECOND + n * 150,
      token,
      ...where,
      method: 'GET',
      path: ['/api/orders', '/api/cart', '/api/profile', '/api/search'][n % 4],
      status: n % 500 === 499 ? 503 : 200,
    });
  }
};

/** While the key changes some get a token of a key that the other servers do not have yet. */
const rotation = (story) => {
  story.tell({ time: ROTATION, event: 'keys_changed' });
  const near = story.sessions.filter(
    ({ from, person }) => person.id !== SERVICE.id && Math.abs(from - ROTATION) < HOUR,
  );
  for (const [n, { person, ip, agent }] of near.slice(0, 12).entries()) {
    const time = ROTATION + n * 17 * SECOND + story.random(5 * SECOND);
    const where = { ip, agent };
    const token = story.issue(person, time, where, { kid: 'k3' });
    story.request({ time: time + 400, token, ...where, status: 401 });
    story.request({ time: time + 1500, token, ...where, status: 401 });
    const good = story.issue(person, time + 3000, where);
    story.request({ time: time + 3400, token: good, ...where });
  }
};

/** Lines that were cut on their way: within the payload, and within the signature. */
const cutLines = (story) => {
  const whole = story.app.filter(({ token, status }) => token !== null && status === 200);
  for (const place of ['payload', 'signature']) {
    whole[story.random(whole.length)].cut = place;
  }
};

/** Somebody gets more to do: told to the recorder before the next token says so. Before the week is lived. */
export const promote = (story, people) => {
  const person = people.at(-20);
  const from = WEEK_START + DAY + 7 * HOUR;
  story.tell({ time: from, event: 'role_changed', user: person, fields: { role: 'editor' } });
  person.promoted = { from, roles: ['user', 'editor'] };
};

/** Everything but people. `requests` is the size of the load test. */
export const addMess = (story, { requests }) => {
  sync(story);
  healthChecks(story);
  loadTest(story, requests);
  rotation(story);
  cutLines(story);
};
