// Sixty days before the week, thinly: what a guard recorded of the administrators and of some others.
import { isAdmin } from './people.js';
import { DAY, HOUR, MINUTE, SECOND, WEEK_START } from './story.js';

const DAYS = 60;
/** The day before the week on which the user that is gone was last seen. */
const LAST_SEEN = 45;

const seenOnDay = (person, day, number) => {
  if (person.isDormant) return day >= LAST_SEEN && day % 3 === 0;
  if (isAdmin(person)) return day % 7 < 5;
  return number % 12 === 0 && (day + number) % 3 === 0;
};

const atHour = (story, person, day, hour, token) => {
  const time = WEEK_START - day * DAY + hour * HOUR + story.random(40 * MINUTE);
  const visits = [
    [person.home, person.laptop],
    [person.home, person.phone],
  ];
  const [ip, agent] = visits[hour % 2];
  const issued = token ?? story.mint(person, time, { kid: 'k1' });
  if (token === null) story.tell({ time, event: 'token_issued', token: issued }, story.history);
  story.tell(
    {
      time: time + SECOND,
      event: 'access_allowed',
      token: issued,
      ip,
      agent,
      method: 'GET',
      path: story.path(),
      status: 200,
    },
    story.history,
  );
};

/** Fills `story.history`. */
export const addHistory = (story, people) => {
  for (let day = DAYS; day > 0; day--) {
    for (const [number, person] of people.entries()) {
      if (!seenOnDay(person, day, number)) continue;
      atHour(story, person, day, 9, null);
      if (isAdmin(person)) atHour(story, person, day, 14, null);
    }
  }
};
