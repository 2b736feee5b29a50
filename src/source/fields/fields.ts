/** What one log line says beside its tokens; null where it says nothing. */
export interface LineFields {
  /** Milliseconds since the epoch, NaN where the line has no usable time of its own. */
  time: number;
  /** Bits of `TimeFlag`. */
  timeFlags: number;
  ip: string | null;
  userAgent: string | null;
  method: string | null;
  path: string | null;
  status: number | null;
  requestId: string | null;
  event: string | null;
}

/** The two facts that every token line is asked for; filled in place, no strings made. */
export interface LineFacts {
  /** Milliseconds since the epoch, NaN where the line has no usable time of its own. */
  time: number;
  /** Bits of `TimeFlag`. */
  timeFlags: number;
  /** HTTP status, 0 where the line has none. */
  status: number;
}

/** Why a time deserves a notice. */
export const TimeFlag = {
  /** Looks like a timestamp but names no moment (30 February, 25:61). */
  bad: 1,
  /** A wall-clock time that the zone skipped; mapped forward. */
  gap: 2,
  /** A wall-clock time that the zone had twice; the first is taken. */
  fold: 4,
} as const;

/** What a line's time depends on beside the line. */
export interface LineContext {
  /** IANA zone for stamps that carry no offset. */
  readonly zone: string;
  /** Milliseconds: a stamp without a year gets the latest year not over a day after this. */
  readonly reference: number;
  /** Overrides the guess of the year; null for none. */
  readonly year: number | null;
  /** `ip` becomes the whole way of the request, client first: `X-Forwarded-For`, then the address; default: false. */
  readonly forwarded?: boolean;
}
