// What is wrong with the log itself.
import { DAY, HOUR, MINUTE, SECOND, WEEK_START } from '../story.js';

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
  const from = WEEK_START + 4 * DAY + 13 * HOUR + story.random(20 * MINUTE);
  const to = from + 90 * MINUTE;
  const isGone = ({ time }) => time >= from && time < to;
  story.app = story.app.filter((one) => !isGone(one));
  const next = story.app.filter(({ time }) => time >= to).toSorted((a, b) => a.time - b.time);
  const lines = next.filter(({ token }) => token !== null).slice(0, 20);
  plant({ rule: 'AL029', level: 'medium', subject: 'week.log', lines, need: 1 });
};

/** AL030: the recorder is stopped. */
export const recorderOff = (story, cast, plant) => {
  const time = cast.moment();
  const lines = [story.tell({ time, event: 'recording_disabled' })];
  plant({ rule: 'AL030', level: 'high', subject: 'recorder', lines });
};
