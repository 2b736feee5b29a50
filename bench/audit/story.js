// What happens: requests, and the events that a recorder is told. Nothing has a line number before it is written.
import { createRandom, pick } from '../../scripts/random.js';
import { createKeys, hmacToken, shortId } from './keys.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A Monday, 00:00 UTC. */
export const WEEK_START = Date.UTC(2026, 10, 2);
export const WEEK_END = WEEK_START + 7 * DAY;
/** Wednesday evening: k2 takes the place of k1. */
export const ROTATION = WEEK_START + 2 * DAY + 20 * HOUR;

export const ISSUER = 'https://login.shop.example';
export const AUDIENCE = 'shop-api';

/** Milliseconds that the clocks of the servers are wrong. */
const SKEW = [0, -22 * SECOND, 27 * SECOND];
export const PROXY = '10.0.0.2';

const PATHS = ['/api/orders', '/api/cart', '/api/profile', '/api/search', '/api/messages'];

const methodFor = (random) => (random(6) === 0 ? 'POST' : 'GET');

export class Story {
  /** Requests as the application logs them, and as the proxy does. */
  app = [];
  proxy = [];
  events = [];
  history = [];
  /** Lines of the revocations file. */
  revocations = [];
  /** Who had which token, from where, with what, from when on: for those who plan an attack. */
  sessions = [];
  plants = [];
  #number = 0;

  constructor(seed) {
    this.random = createRandom(seed);
    this.keys = createKeys(seed);
  }

  next() {
    return (this.#number++).toString(36).padStart(6, '0');
  }

  /** A token of an hour for a person, unless told otherwise; `kid` follows the rotation. */
  mint(person, time, { claims = {}, kid, secret, header = {} } = {}) {
    const { id, email, promoted } = person;
    const roles = promoted !== undefined && time >= promoted.from ? promoted.roles : person.roles;
    const key = kid ?? (time < ROTATION ? 'k1' : 'k2');
    const iat = Math.floor(time / SECOND);
    const all = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: id,
      email,
      roles,
      iat,
      nbf: iat,
      exp: iat + 3600,
      jti: `j-${this.next()}`,
      ...claims,
    };
    return hmacToken(secret ?? this.keys.secrets[key], { kid: key, ...header }, all);
  }

  /** Mints a token and tells the recorder, also to whom (`ip`, `agent`). */
  issue(person, time, { ip, agent }, options) {
    const token = this.mint(person, time, options);
    this.tell({ time, event: 'token_issued', token, ip, agent });
    return token;
  }

  /** An event for the recorder; returns it. */
  tell(event, list = this.events) {
    list.push(event);
    return event;
  }

  /** A request; returns it. The server judges by its own clock, with half a minute of leeway. */
  request({ time, path, method, server = this.random(SKEW.length), status, ...more }, where) {
    const logged = time + SKEW[server];
    const isLate = more.token?.claims.exp * SECOND + 30 * SECOND < logged;
    const request = {
      time,
      logged: where === 'proxy' ? time : logged,
      server,
      id: `r-${shortId(this.next())}`,
      path: path ?? this.path(),
      method: method ?? methodFor(this.random),
      status: status ?? (isLate ? 401 : this.answer()),
      ...more,
    };
    (where === 'proxy' ? this.proxy : this.app).push(request);
    return request;
  }

  path() {
    const path = pick(this.random, PATHS);
    return this.random(3) === 0 ? `${path}/${1 + this.random(400)}` : path;
  }

  answer() {
    const dice = this.random(200);
    return dice < 190 ? 200 : dice < 194 ? 201 : dice < 198 ? 404 : dice < 199 ? 403 : 500;
  }
}
