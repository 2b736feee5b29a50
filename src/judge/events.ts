import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { encodeEvent } from '../event/encode.ts';
import { EVENT_SCHEMA, type AuthEvent } from '../event/event.ts';
import { isoTime, tokenId, tokenMembers, tokenTraits } from '../event/token.ts';
import { SpanKind } from '../scan/spans.ts';
import type { LineContext, LineFields } from '../source/fields/fields.ts';
import { clockTime, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { BlockJob } from './judge.ts';
import { readPair } from './pair.ts';

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
      this.#fields = readPair(job.block, place.lineStart, place.lineEnd, context);
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
      ...tokenTraits(judgement, job.block.bytes.subarray(place.start, place.end)),
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
