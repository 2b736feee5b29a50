// Sixty days before the week, thinly: what a guard recorded of the administrators and of some others.
import { isAdmin, mobileAddress, OFFICE } from './people.js';
import { DAY, HOUR, MINUTE, SECOND, WEEK_START } from './story.js';

const DAYS = 60;
/** The day before the week on which the user that is gone was last seen. */
const LAST_SEEN = 45;

const seenOnDay = (person, day, number) => {
  if (person.isDormant) return day >= LAST_SEEN && day % 3 === 0;
  if (isAdmin(person)) return day % 7 < 5;
  return number % 12 === 0 && (day + number) % 3 === 0;
};

const atHour = (story, person, day, hour, ip, agent) => {
  const time = WEEK_START - day * DAY + hour * HOUR + story.random(40 * MINUTE);
  const token = story.mint(person, time, { kid: 'k1' });
  story.tell({ time, event: 'token_issued', token, ip, agent }, story.history);
  story.tell(
    {
      time: time + SECOND,
      event: 'access_allowed',
      token,
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
      const { home, laptop, phone } = person;
      atHour(story, person, day, 9, person.isInOffice ? OFFICE : home, laptop);
      if (!isAdmin(person)) continue;
      atHour(story, person, day, 14, mobileAddress(story.random), phone);
      atHour(story, person, day, 20, home, phone);
      atHour(story, person, day, 22, home, laptop);
    }
  }
};
