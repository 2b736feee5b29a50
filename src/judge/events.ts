import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { SpanKind } from '../scan/spans.ts';
import type { LineContext, LineFields } from '../source/fields/fields.ts';
import { readFields } from '../source/fields/line.ts';
import { eventFromUserLog, isUserLogLine, userLogText } from '../source/fields/userlog.ts';
import type { Claims } from '../verify/claims.ts';
import { shownText } from '../verify/identity.ts';
import { clockTime, isRetired, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import type { Verdict } from '../verify/verdict.ts';
import { escapeJsonText } from './escape-json.ts';
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
    const event = {
      schema: 'authlog.event/1',
      event_id: shortHash(`${job.path}\0${offset}`),
      time: isoTime(fields.time),
      file: job.path,
      line: place.line,
      offset,
      verdict,
      reason: reasonOf(judgement, verdict, at),
      token_id: this.#tokenId(job, judgement, place),
      alg: shownOrNull(judgement.header?.alg),
      kid: shownOrNull(judgement.header?.kid),
      key: judgement.key?.id ?? null,
      ...claimFields(judgement.claims, at),
      event: fields.event,
      ip: fields.ip,
      user_agent: fields.userAgent,
      method: fields.method,
      path: fields.path,
      status: fields.status,
      request_id: fields.requestId,
    };
    this.#lines.push(JSON.stringify(event), '\n');
  }

  /** The lines since the last call, encoded. */
  take(): Uint8Array {
    const text = Buffer.from(escapeJsonText(this.#lines.join('')), 'utf8');
    this.#lines = [];
    this.#fields = null;
    this.#fieldsOf = -1;
    // Out of Buffer's shared pool, so that it can be handed to another thread.
    return Uint8Array.from(text);
  }

  #tokenId(job: BlockJob, judgement: Judgement, { kind, start, end }: Place): string {
    let id = this.#tokenIds.get(judgement);
    if (id === undefined || kind === SpanKind.cut) {
      id = tokenId(job.block.bytes, start, end);
      this.#tokenIds.set(judgement, id);
    }
    return id;
  }
}

/** First 16 base64url characters of the token's SHA-256: joins lines and files, can't be replayed. */
export const tokenId = (bytes: Uint8Array, start: number, end: number): string =>
  createHash('sha256').update(bytes.subarray(start, end)).digest('base64url').slice(0, 16);

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Milliseconds to RFC 3339 in UTC; null where that is no moment. */
export const isoTime = (milliseconds: number): string | null =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null;

/** Why, beyond the verdict's own word. */
export const reasonOf = (judgement: Judgement, verdict: Verdict, at: number): string | null => {
  if (verdict !== judgement.verdict && isRetired(judgement, at)) return 'key_not_in_use';
  return verdict === judgement.verdict ? judgement.reason : null;
};

const shownOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : shownText(text);

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

const claimFields = (claims: Claims | null, at: number): Record<string, unknown> => {
  if (claims === null) return NO_CLAIMS;
  const { exp, iat, nbf, identity } = claims;
  const overdue = at / 1000 - exp;
  return {
    user_id: identity.userId,
    user_id_type: identity.userIdType,
    email: identity.email,
    roles: identity.roles,
    iss: claims.iss,
    aud: claims.aud,
    jti: claims.jti,
    iat: numberOrNull(iat),
    nbf: numberOrNull(nbf),
    exp: claims.expText ?? numberOrNull(exp),
    lifetime_s: numberOrNull(exp - iat),
    expired_by_s: overdue >= 0 ? Math.round(overdue * 1000) / 1000 : null,
  };
};

const NO_CLAIMS: Record<string, unknown> = {
  user_id: null,
  user_id_type: 'none',
  email: null,
  roles: [],
  iss: null,
  aud: null,
  jti: null,
  iat: null,
  nbf: null,
  exp: null,
  lifetime_s: null,
  expired_by_s: null,
};

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
