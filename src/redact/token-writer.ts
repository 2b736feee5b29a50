import { Buffer } from 'node:buffer';
import { tokenId } from '../event/token.ts';
import { HeaderCache } from '../scan/header.ts';
import {
  detachedMark,
  encryptedMark,
  markedId,
  signatureMark,
  tokenMark,
} from '../scan/own-mark.ts';
import { SpanKind, type Spans } from '../scan/spans.ts';
import { latin1 } from '../scan/text.ts';
import { endOfRun } from '../scan/compact.ts';
import { endOfStandard, hideNext } from './chains.ts';
import { withoutClaims, type DroppedClaims } from './claims.ts';
import type { Edits } from './edits.ts';
import { mayGoOn, opensJson } from './look.ts';
import { mayNest } from './nested.ts';
import { Signatures } from './signatures.ts';

/** What becomes of a token. */
export interface TokenChoices {
  /** All of it, or its signature only. */
  readonly replace: 'signature' | 'token';
  readonly dropClaims: DroppedClaims | null;
}

/** Redacts a text inside of a token, and tells its signatures; null where it needs no change. */
export type InnerRedactor = (text: Uint8Array, signatures: Signatures) => Uint8Array | null;

/** A token in base64 is longer than this, whatever it lacks. */
export const SHORTEST_WRAPPED = 48;

/** A longer run in a foreign mark may be what it should have masked. */
const LONGEST_FOREIGN = 16;

/** Puts a mark in the place of a token's signature, and changes its claims where that is asked for. */
export class TokenWriter {
  readonly headers: HeaderCache;
  /** Signatures of tokens inside of tokens, since they were last taken. */
  readonly inner: Signatures = new Signatures();
  readonly #choices: TokenChoices;
  readonly #redactText: InnerRedactor;

  constructor(longest: number, choices: TokenChoices, redactText: InnerRedactor) {
    this.headers = new HeaderCache(longest);
    this.#choices = choices;
    this.#redactText = redactText;
  }

  idOf(bytes: Uint8Array, start: number, end: number): string {
    return tokenId(bytes.subarray(start, end));
  }

  /** In the place of a whole word. */
  wholeMark(bytes: Uint8Array, start: number, end: number): string {
    const id = this.idOf(bytes, start, end);
    return this.#choices.replace === 'token' ? tokenMark(id) : signatureMark(id);
  }

  changesPayload(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#choices.dropClaims !== null || mayNest(bytes, start, end);
  }

  /** Whether nothing but the signature of such a token changes. */
  isPlain(bytes: Uint8Array, start: number, firstDot: number, secondDot: number): boolean {
    const { replace, dropClaims } = this.#choices;
    if (replace === 'token' || dropClaims !== null) return false;
    return !mayNest(bytes, start, firstDot) && !mayNest(bytes, firstDot + 1, secondDot);
  }

  /** Adds what becomes of token number `i`; returns where to look on. */
  redact(
    bytes: Uint8Array,
    spans: Spans,
    i: number,
    at: number,
    to: number,
    edits: Edits,
    signatures: Signatures,
  ): number {
    const start = spans.start[i]!;
    const firstDot = spans.firstDot[i]!;
    const secondDot = spans.secondDot[i]!;
    let end = spans.end[i]!;
    const kind = spans.kind[i]!;
    const alg = spans.header[i]?.alg ?? null;
    const isShown = this.#choices.replace === 'signature';
    // A payload of nothing, or of padding only.
    const isDetached = secondDot === firstDot + 1 || bytes[firstDot + 1] === 0x3d;
    const known = kind === SpanKind.jws && !isDetached ? null : markedId(bytes, start, end);
    if (
      isShown &&
      kind === SpanKind.masked &&
      (known !== null || isMasked(bytes, secondDot, end))
    ) {
      this.#redactParts(bytes, alg, start, firstDot, secondDot, edits);
      return end;
    }
    if (isShown && known !== null) return end;
    if (kind === SpanKind.jws && mayGoOn(alg, end - secondDot - 1)) {
      end = endOfStandard(bytes, end, to);
    }
    const id = known ?? this.idOf(bytes, start, spans.end[i]!);
    const isSecret =
      kind === SpanKind.jwe || (alg === null && hidesSignature(bytes, firstDot + 1, secondDot));
    signatures.add(at, bytes, isSecret ? firstDot + 1 : secondDot + 1, end);
    if (!isShown) edits.add(start, end, tokenMark(id));
    else if (kind === SpanKind.jwe) {
      edits.add(firstDot + 1, end, encryptedMark(id, !isDetached));
    } else if (isDetached) edits.add(secondDot + 1, end, detachedMark(id));
    else {
      this.#redactParts(bytes, alg, start, firstDot, secondDot, edits);
      edits.add(secondDot + 1, end, signatureMark(id));
      if (end === secondDot + 1) hideNext(bytes, end, to, edits);
    }
    return end;
  }

  /** Whether base64 of any alignment in `bytes[start, end)` holds a token. */
  wrapsToken(bytes: Uint8Array, start: number, end: number): boolean {
    const text = latin1(bytes, start, end);
    for (const run of text.split(/[^\w+/-]/)) {
      if (run.length < SHORTEST_WRAPPED) continue;
      for (let skipped = 0; skipped < 4; skipped++) {
        const decoded = Buffer.from(run.slice(skipped), 'base64');
        if (this.#redactText(decoded, this.inner) !== null) return true;
      }
    }
    return false;
  }

  #redactParts(
    bytes: Uint8Array,
    alg: string | null,
    start: number,
    firstDot: number,
    secondDot: number,
    edits: Edits,
  ): void {
    if (mayNest(bytes, start, firstDot)) {
      const header = this.#redactText(decode(bytes, start, firstDot), this.inner);
      if (header !== null) edits.add(start, firstDot, encode(header));
    }
    if (alg === null && hidesSignature(bytes, firstDot + 1, secondDot)) {
      edits.add(firstDot + 1, secondDot, 'redacted');
      return;
    }
    const payload = this.#newPayload(bytes, firstDot + 1, secondDot);
    if (payload !== null) edits.add(firstDot + 1, secondDot, payload);
  }

  #newPayload(bytes: Uint8Array, start: number, end: number): string | null {
    const { dropClaims } = this.#choices;
    const nests = mayNest(bytes, start, end);
    if (dropClaims === null && !nests) return null;
    const decoded = decode(bytes, start, end);
    const inner = nests ? this.#redactText(decoded, this.inner) : null;
    const text = inner ?? decoded;
    if (dropClaims === null) return inner === null ? null : encode(inner);
    const kept = withoutClaims(Buffer.from(text).toString('utf8'), dropClaims);
    // What can't be read can't be searched for claims either.
    if (kept === null) return latin1(bytes, start, end) === 'redacted' ? null : 'redacted';
    return Buffer.from(kept, 'utf8').toString('base64url');
  }
}

const decode = (bytes: Uint8Array, start: number, end: number): Buffer =>
  Buffer.from(latin1(bytes, start, end), 'base64url');

const encode = (text: Uint8Array): string => Buffer.from(text).toString('base64url');

/** Whether a foreign mark stands in the place of the whole signature, and hides all of it. */
const isMasked = (bytes: Uint8Array, secondDot: number, end: number): boolean => {
  const runEnd = endOfRun(bytes, secondDot + 1, end);
  if (runEnd > secondDot + 1) return runEnd === end;
  for (let i = runEnd; i < end; i++) {
    const run = endOfRun(bytes, i, end);
    if (run - i > LONGEST_FOREIGN) return false;
    i = Math.max(i, run);
  }
  return true;
};

/** Where the header names no algorithm it may be a payload, and what follows it a signature. */
const hidesSignature = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start > LONGEST_FOREIGN && !opensJson(bytes, start, end);
