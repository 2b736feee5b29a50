import type { LineContext, LineFields } from './fields.ts';
import { forwardedFor } from './forwarded.ts';
import { newFrame, readFrame } from './frame.ts';
import { objectFields } from './objectfields.ts';
import { textFields } from './textfields.ts';
import { eventFromUserLog, userLogText } from './userlog.ts';

/**
 * Everything that the line from `start` to `end` (exclusive, without its newline) says. No field
 * holds a query string or the signature of a token.
 */
export const readFields = (
  bytes: Uint8Array,
  start: number,
  end: number,
  context: LineContext,
): LineFields => {
  const frame = newFrame();
  readFrame(bytes, start, end, context, frame);
  const told =
    frame.object === null
      ? textFields(frame.bytes, frame.body, frame.end, frame.access)
      : objectFields(frame.object);
  const logged = userLogText(frame.bytes, frame.body, frame.end);
  const recorded = logged === null ? null : eventFromUserLog(logged);
  const fields = { ...told, ...recorded?.fields };
  const way = context.forwarded === true ? forwardedFor(frame) : null;
  return {
    ...fields,
    ip: way === null ? fields.ip : fields.ip === null ? way : `${way}, ${fields.ip}`,
    event: recorded?.event ?? told.event,
    time: frame.time,
    timeFlags: frame.timeFlags,
    status: frame.status === 0 ? null : frame.status,
  };
};
