import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { encodeEvent } from '../event/encode.ts';
import { EVENT_SCHEMA, type AuthEvent } from '../event/event.ts';
import { isoTime, tokenId, tokenMembers } from '../event/token.ts';
import { SpanKind } from '../scan/spans.ts';
import type { LineContext, LineFields } from '../source/fields/fields.ts';
import { readFields } from '../source/fields/line.ts';
import { eventFromUserLog, isUserLogLine, userLogText } from '../source/fields/userlog.ts';
import { clockTime, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { BlockJob } from './judge.ts';

/** Where in a block an occurrence stands. */
export interface Place {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  readonly lineStart: number;
  readonly lineEnd: number;
  /** From 1. */
  readonly line: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Renders occurrences as `authlog.event/1`, one JSON object a line; no token among them. */
export class EventWriter {
  readonly #policy: Policy;
  readonly #tokenIds = new WeakMap<Judgement, string>();
  #lines: string[] = [];
  #fields: LineFields | null = null;
  #fieldsOf = -1;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  add(
    job: BlockJob,
    context: LineContext,
    judgement: Judgement,
    verdict: Verdict,
    place: Place,
  ): void {
    if (this.#fields === null || this.#fieldsOf !== place.lineStart) {
      this.#fields = readLine(job, context, place);
      this.#fieldsOf = place.lineStart;
    }
    const fields = this.#fields;
    const offset = job.block.offset + place.start;
    const at = clockTime(this.#policy, fields.time);
    const { verdict: word, reason, ...members } = tokenMembers(judgement, verdict, at);
    const event: AuthEvent = {
      schema: EVENT_SCHEMA,
      event_id: shortHash(`${job.path}\0${offset}`),
      time: isoTime(fields.time),
      file: job.path,
      line: place.line,
      offset,
      verdict: word,
      reason,
      token_id: this.#tokenId(job, judgement, place),
      ...members,
      event: fields.event,
      ip: fields.ip,
      user_agent: fields.userAgent,
      method: fields.method,
      path: fields.path,
      status: fields.status,
      request_id: fields.requestId,
    };
    this.#lines.push(encodeEvent(event), '\n');
  }

  /** The lines since the last call, encoded. */
  take(): Uint8Array {
    const text = Buffer.from(this.#lines.join(''), 'utf8');
    this.#lines = [];
    this.#fields = null;
    this.#fieldsOf = -1;
    // Out of Buffer's shared pool, so that it can be handed to another thread.
    return Uint8Array.from(text);
  }

  #tokenId(job: BlockJob, judgement: Judgement, { kind, start, end }: Place): string {
    let id = this.#tokenIds.get(judgement);
    if (id === undefined || kind === SpanKind.cut) {
      id = tokenId(job.block.bytes.subarray(start, end));
      this.#tokenIds.set(judgement, id);
    }
    return id;
  }
}

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

const readLine = (job: BlockJob, context: LineContext, place: Place): LineFields => {
  const { bytes, length } = job.block;
  const fields = readFields(bytes, place.lineStart, place.lineEnd, context);
  let start = place.lineEnd;
  while (start < length && bytes[start] !== NEWLINE) start++;
  start++;
  // A `User Log:` line ends a pair and never starts one: a block may end after it.
  if (start >= length || isUserLogLine(bytes, place.lineStart, place.lineEnd)) return fields;
  const newline = bytes.indexOf(NEWLINE, start);
  const newlineOrEnd = newline < 0 || newline > length ? length : newline;
  const end = bytes[newlineOrEnd - 1] === CARRIAGE_RETURN ? newlineOrEnd - 1 : newlineOrEnd;
  if (!isUserLogLine(bytes, start, end)) return fields;
  const text = userLogText(bytes, start, end);
  if (text === null) return fields;
  const told = eventFromUserLog(text);
  const known = Object.entries(told.fields).filter(([, value]) => value !== null);
  return { ...fields, ...Object.fromEntries(known), event: told.event };
};
