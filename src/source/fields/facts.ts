import type { LineContext, LineFacts } from './fields.ts';
import { newFrame, readFrame } from './frame.ts';

const NO_BYTES = new Uint8Array(0);
const frame = newFrame();

/**
 * Writes time and status of the line from `start` to `end` (exclusive, without its newline) into
 * `out`. Makes no strings unless the line is JSON. Time is NaN and status 0 where the line has none.
 */
export const readFacts = (
  bytes: Uint8Array,
  start: number,
  end: number,
  context: LineContext,
  out: LineFacts,
): void => {
  readFrame(bytes, start, end, context, frame);
  out.time = frame.time;
  out.timeFlags = frame.timeFlags;
  out.status = frame.status;
  // The frame outlives the block.
  frame.bytes = NO_BYTES;
  frame.object = null;
};
