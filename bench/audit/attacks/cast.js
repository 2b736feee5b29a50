// Who attacks whom, and when: every attack has an address, a victim and an hour of its own.
import { isAdmin } from '../people.js';
import { DAY, HOUR, MINUTE, ROTATION, SECOND, WEEK_START } from '../story.js';

const AGENTS = ['python-requests/2.32.5', 'curl/8.16.0', 'Go-http-client/2.0', 'sqlmap/1.9'];

/** Friday, early in the afternoon: what will be missing from the log. */
export const GAP = { from: WEEK_START + 4 * DAY + 13 * HOUR, to: WEEK_START + 4 * DAY + 15 * HOUR };

/** Whether an attack would meet the change of the key, or get lost in the gap. */
const isBusy = (time) =>
  Math.abs(time - ROTATION) < 3 * HOUR || (time > GAP.from - 3 * HOUR && time < GAP.to);

export class Cast {
  #story;
  #people;
  #hour = 0;
  #address = 0;
  #taken = new Set();

  constructor(story, people) {
    this.#story = story;
    this.#people = people;
  }

  /** A network and a program of its own. */
  attacker() {
    const number = this.#address++;
    const last = 1 + this.#story.random(254);
    return {
      ip: number % 8 === 7 ? `2001:db8:a${number}::${last}` : `198.51.${100 + number}.${last}`,
      agent: AGENTS[number % AGENTS.length],
    };
  }

  /** The next hour of Tuesday to Saturday that no attack has, somewhere within its first half. */
  moment() {
    const slot = this.#hour++;
    const day = 1 + (slot % 5);
    const hour = 1 + Math.floor(slot / 5) * 2;
    const time = WEEK_START + day * DAY + hour * HOUR + this.#story.random(25 * MINUTE);
    return isBusy(time) ? this.moment() : time;
  }

  /** Somebody whom no other attack is about. */
  person(fits = () => true) {
    const { random } = this.#story;
    for (;;) {
      const person = this.#people[random(this.#people.length)];
      const isFit = !person.isDormant && person.promoted === undefined && fits(person);
      if (!isFit || this.#taken.has(person)) continue;
      this.#taken.add(person);
      return person;
    }
  }

  admin() {
    return this.person(isAdmin);
  }

  user() {
    return this.person((person) => !isAdmin(person));
  }

  dormant() {
    return this.#people.find(({ isDormant }) => isDormant);
  }

  /**
   * A session of an ordinary user, one that fits, with its requests, the token good for 25 minutes after one of them
   * and issued `age` before it, `at`: the moment of that request.
   */
  session(fits = () => true, age = 0) {
    const { random, sessions, app } = this.#story;
    for (;;) {
      const session = sessions[random(sessions.length)];
      const { person, token, from } = session;
      if (this.#taken.has(person) || isAdmin(person) || person.promoted !== undefined) continue;
      if (!fits(session)) continue;
      if (from < WEEK_START + DAY || from > WEEK_START + 6 * DAY) continue;
      if (isBusy(from)) continue;
      const uses = app.filter((one) => one.token === token && one.forwarded === undefined);
      const last = uses.findLast(
        ({ time, status, isMasked }) =>
          status < 400 &&
          !isMasked &&
          time >= from + age &&
          time + 25 * MINUTE < token.claims.exp * SECOND,
      );
      if (uses.length < 3 || last === undefined || this.#isRevoked(token)) continue;
      this.#taken.add(person);
      return { ...session, uses: this.usesOf(token), at: last.time };
    }
  }

  #isRevoked(token) {
    return this.#story.events.some(
      (event) => event.event === 'token_revoked' && event.token === token,
    );
  }

  /** All that a person did so far with any token. */
  usesBy({ id }) {
    const { app, proxy, events } = this.#story;
    return [...app, ...proxy, ...events].filter((one) => one.token?.claims.sub === id);
  }

  /** All requests and events of a token so far. */
  usesOf(token) {
    const { app, proxy, events } = this.#story;
    return [...app, ...proxy, ...events].filter((one) => one.token === token);
  }
}
