import { EVENT_START } from '../event/event.ts';

/** The line begins as events do, as far as it goes: it is one, or was cut short on the way. */
export const beginsAsEvent = (line: Buffer): boolean => {
  const start = line.toString('latin1', 0, EVENT_START.length);
  return start === EVENT_START || (start !== '' && EVENT_START.startsWith(start));
};

/** What is left of an event whose writing was cut short. */
export const isFragment = (line: Buffer): boolean => beginsAsEvent(line) && !isJson(line);

const isJson = (line: Buffer): boolean => {
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
};

/** A line as Python's `logging` writes it with `%(asctime)s - %(message)s`. */
export const beginsAsText = (line: Buffer): boolean =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - /.test(line.toString('latin1', 0, 32));
