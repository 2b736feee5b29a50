import { isIP } from 'node:net';
import { KnownBytes } from './known-bytes.ts';
import {
  fieldOf,
  NOTHING,
  REQUEST_ID,
  type FieldNumbers,
  type HashOf,
  type NumberOf,
} from './quick-json.ts';
import { methodOf, pathOf, textValue } from './value.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** What is beside time and status in a line of the combined log format, without a string made for what comes again. */
export class QuickAccess {
  readonly #none: number;
  readonly #addresses: KnownBytes<number>;
  readonly #methods: KnownBytes<number>;
  readonly #paths: KnownBytes<number>;
  readonly #agents: KnownBytes<number>;
  readonly #names = new KnownBytes(fieldOf);
  readonly #hashOf: HashOf;

  constructor(numberOf: NumberOf, hashOf: HashOf) {
    this.#hashOf = hashOf;
    this.#none = numberOf(null);
    this.#addresses = new KnownBytes((text) => numberOf(isIP(text) === 0 ? null : text));
    this.#methods = new KnownBytes((text) => numberOf(methodOf(text)));
    this.#paths = new KnownBytes((text) => numberOf(pathOf(text)));
    this.#agents = new KnownBytes((text) => numberOf(textValue(text)));
  }

  /** False where the line is not plainly of that format: `readFields` tells what it says. */
  read(bytes: Uint8Array, start: number, end: number, out: FieldNumbers): boolean {
    const none = this.#none;
    const addressEnd = wordEnd(bytes, start, end);
    const ip = this.#addresses.get(bytes, start, addressEnd);
    const identEnd = wordEnd(bytes, addressEnd + 1, end);
    const userEnd = wordEnd(bytes, identEnd + 1, end);
    if (ip === none || bytes[userEnd + 1] !== OPEN || !isBare(bytes, addressEnd, userEnd))
      return false;
    const close = bytes.indexOf(CLOSE, userEnd);
    if (close < 0 || close > userEnd + 40 || bytes[close + 1] !== SPACE) return false;
    const request = close + 2;
    const requestEnd = textEnd(bytes, request, end);
    const referer = requestEnd < 0 ? -1 : behindNumbers(bytes, requestEnd + 1, end);
    const refererEnd = referer < 0 ? -1 : textEnd(bytes, referer, end);
    const agent = refererEnd + 2;
    if (refererEnd < 0 || bytes[refererEnd + 1] !== SPACE) return false;
    const agentEnd = textEnd(bytes, agent, end);
    if (agentEnd < 0) return false;
    const methodEnd = wordEnd(bytes, request + 1, requestEnd);
    const targetEnd = wordEnd(bytes, methodEnd + 1, requestEnd);
    const method = this.#methods.get(bytes, request + 1, methodEnd);
    // `GET /path HTTP/1.1`, and no more words.
    if (method === none || bytes[methodEnd + 1] !== SLASH || !isVersion(bytes, targetEnd))
      return false;
    if (wordEnd(bytes, targetEnd + 1, requestEnd) !== requestEnd) return false;
    out[0] = ip;
    out[1] = this.#agents.get(bytes, agent + 1, agentEnd);
    out[2] = method;
    out[3] = this.#paths.get(bytes, methodEnd + 1, pathEnd(bytes, methodEnd + 1, targetEnd));
    out[4] = none;
    out[5] = none;
    return this.#readRest(bytes, agentEnd + 1, end, out);
  }

  /** What follows the user agent: texts, words, and pairs, of which only a request's id may tell a field. */
  #readRest(bytes: Uint8Array, from: number, end: number, out: FieldNumbers): boolean {
    let at = from;
    while (at < end) {
      if (bytes[at] !== SPACE) return false;
      if (bytes[at + 1] === QUOTE) {
        at = textEnd(bytes, at + 1, end) + 1;
        if (at === 0) return false;
        continue;
      }
      const start = at + 1;
      at = wordEnd(bytes, start, end);
      const equals = equalsIn(bytes, start, at);
      if (equals === UNPLAIN) return false;
      if (equals < 0) continue;
      const field = this.#names.get(bytes, start, equals);
      if (field === NOTHING) continue;
      if (field !== REQUEST_ID || out[REQUEST_ID] !== this.#none) return false;
      if (at > equals + 1) out[REQUEST_ID] = this.#hashOf(bytes, equals + 1, at);
    }
    return true;
  }
}

const wordEnd = (bytes: Uint8Array, start: number, end: number): number => {
  let at = start;
  while (at < end && bytes[at] !== SPACE) at++;
  return at;
};

const UNPLAIN = -2;

/** The place of the only equals sign in a word, -1 for none, `UNPLAIN` where it is no plain word. */
const equalsIn = (bytes: Uint8Array, start: number, end: number): number => {
  let equals = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE || byte === BACKSLASH || byte >= 0x80 || byte < SPACE) return UNPLAIN;
    if (byte !== EQUALS) continue;
    if (equals >= 0 || at === start) return UNPLAIN;
    equals = at;
  }
  return equals;
};

/** Neither quotes nor pairs nor foreign letters. */
const isBare = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE || byte === EQUALS || byte === BACKSLASH || byte >= 0x80) return false;
  }
  return true;
};

/** The closing quote of the plain text whose opening one is at `open`, -1 where there is none. */
const textEnd = (bytes: Uint8Array, open: number, end: number): number => {
  if (bytes[open] !== QUOTE) return -1;
  for (let at = open + 1; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte >= 0x80) return -1;
  }
  return -1;
};

/** Where the referer's quote stands behind ` 200 512 `, -1 where something else does. */
const behindNumbers = (bytes: Uint8Array, from: number, end: number): number => {
  if (bytes[from] !== SPACE || bytes[from + 4] !== SPACE) return -1;
  for (let at = from + 1; at < from + 4; at++) if (!isDigit(bytes[at]!)) return -1;
  const sizeEnd = wordEnd(bytes, from + 5, end);
  const isDash = sizeEnd === from + 6 && bytes[from + 5] === 0x2d;
  if (isDash) return sizeEnd + 1;
  for (let at = from + 5; at < sizeEnd; at++) if (!isDigit(bytes[at]!)) return -1;
  return sizeEnd > from + 5 ? sizeEnd + 1 : -1;
};

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** ` HTTP/` */
const isVersion = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 1] === 0x48 &&
  bytes[at + 2] === 0x54 &&
  bytes[at + 3] === 0x54 &&
  bytes[at + 4] === 0x50 &&
  bytes[at + 5] === SLASH;

const pathEnd = (bytes: Uint8Array, start: number, end: number): number => {
  let at = start;
  while (at < end && bytes[at] !== QUESTION && bytes[at] !== HASH) at++;
  return at;
};
