// What is wrong with the log itself.
import { DAY, HOUR, MINUTE, SECOND, WEEK_START } from '../story.js';
import { GAP } from './cast.js';

/** AL028: a token that is still good when the log is read. */
export const tokensAtRest = (story, cast, plant) => {
  const [time, person] = [cast.moment(), cast.user()];
  const exp = Math.floor((WEEK_START + 20 * DAY) / SECOND);
  const where = { ip: person.home, agent: person.laptop };
  const token = story.issue(person, time, where, { claims: { exp } });
  const lines = [story.request({ time: time + SECOND, token, ...where, status: 200 })];
  const context = cast.usesOf(token);
  const also = ['AL021'];
  plant({
    rule: 'AL028',
    level: 'medium',
    subject: 'week.log',
    lines,
    context,
    also,
    isShared: true,
  });
};

/** AL029: an hour and a half is missing on a working day. */
export const logGap = (story, cast, plant) => {
  const from = GAP.from + story.random(20 * MINUTE);
  const to = from + 90 * MINUTE;
  const isGone = ({ time }) => time >= from && time < to;
  story.app = story.app.filter((one) => !isGone(one));
  const left = story.app
    .filter(({ token, cut }) => token !== null && cut === undefined)
    .toSorted((a, b) => a.time - b.time);
  const before = left.filter(({ time }) => time < from).slice(-20);
  const after = left.filter(({ time }) => time >= to).slice(0, 20);
  const lines = [...before, ...after];
  plant({ rule: 'AL029', level: 'medium', subject: 'week.log silent', lines, need: 2 });
};

/** AL029: lines that were put in later, by ten minutes and by two hours. */
export const backwards = (story, cast, plant) => {
  for (const [level, late, where] of [
    ['low', 10 * MINUTE, 'proxy'],
    ['medium', 2 * HOUR, 'week'],
  ]) {
    const { token, ip, agent, at, uses } = cast.session(undefined, 20 * MINUTE);
    const what = { time: at, logged: at - late, token, ip, agent, status: 200 };
    const lines = [story.request(what, where)];
    const also = ['AL022'];
    const [rule, subject] = ['AL029', `${where}.log backwards`];
    plant({ rule, level, subject, lines, context: uses, also, isShared: true });
  }
};

/** AL029: a record was taken out of the recorder's chained log. */
export const chainBreak = (story, cast, plant) => {
  const events = story.events.toSorted((a, b) => a.time - b.time);
  const first = events.length >> 1;
  const index = events.findIndex(({ event }, n) => n > first && event === 'login_failed');
  events[index].isGone = true;
  const lines = [events[index + 1]];
  plant({ rule: 'AL029', level: 'high', subject: 'events.jsonl chain', lines });
};

/** AL030: the recorder is stopped; a key is added at a time that nobody planned. */
export const recorderOff = (story, cast, plant) => {
  for (const event of ['recorder_stopped', 'keys_changed']) {
    const lines = [story.tell({ time: cast.moment(), event })];
    plant({ rule: 'AL030', level: 'high', subject: event, lines });
  }
};
