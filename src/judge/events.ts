import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { encodeEvent } from '../event/encode.ts';
import { EVENT_SCHEMA, type AuthEvent, type TokenTraits } from '../event/event.ts';
import { isoTime, tokenId, tokenMembers, tokenTraits } from '../event/token.ts';
import { SpanKind } from '../scan/spans.ts';
import type { LineFields } from '../source/fields/fields.ts';
import { clockTime, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { BlockJob } from './job.ts';

/** Where in a block an occurrence stands. */
export interface Place {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  readonly lineStart: number;
  /** From 1. */
  readonly line: number;
}

/** What is hashed once of a token that comes again. */
interface TokenWords {
  readonly id: string;
  readonly traits: TokenTraits;
}

/** Renders occurrences as `authlog.event/1`, one JSON object a line; no token among them. */
export class EventWriter {
  readonly #policy: Policy;
  readonly #tokens = new WeakMap<Judgement, TokenWords>();
  #lines: string[] = [];

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  add(
    job: BlockJob,
    judgement: Judgement,
    verdict: Verdict,
    place: Place,
    fields: LineFields,
  ): void {
    const offset = job.block.offset + place.start;
    const at = clockTime(this.#policy, fields.time);
    const { id, traits } = this.#wordsOf(job, judgement, place);
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
      token_id: id,
      ...members,
      event: fields.event,
      ip: fields.ip,
      user_agent: fields.userAgent,
      method: fields.method,
      path: fields.path,
      status: fields.status,
      request_id: fields.requestId,
      ...traits,
    };
    this.#lines.push(encodeEvent(event), '\n');
  }

  /** The lines since the last call, encoded. */
  take(): Uint8Array {
    const text = Buffer.from(this.#lines.join(''), 'utf8');
    this.#lines = [];
    // Out of Buffer's shared pool, so that it can be handed to another thread.
    return Uint8Array.from(text);
  }

  #wordsOf(job: BlockJob, judgement: Judgement, { kind, start, end }: Place): TokenWords {
    let words = this.#tokens.get(judgement);
    if (words === undefined || kind === SpanKind.cut) {
      const token = job.block.bytes.subarray(start, end);
      words = { id: tokenId(token), traits: tokenTraits(judgement, token) };
      this.#tokens.set(judgement, words);
    }
    return words;
  }
}

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);
