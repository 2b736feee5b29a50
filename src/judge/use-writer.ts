import { factsOf, type KnownToken, type TokenFacts } from '../event/facts.ts';
import { packFacts } from '../event/packed-facts.ts';
import { hashOfText } from '../event/text-hash.ts';
import { tokenId, tokenTraits } from '../event/token.ts';
import type { LineFields } from '../source/fields/fields.ts';
import { READERS, type Field } from '../source/fields/objectfields.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { TokenSample } from '../weak/weak-secret.ts';
import { Texts } from './numbering.ts';
import { Sampler } from './sampler.ts';
import { NO_TEXT, USE_SIZE, UseField, type UseColumns } from './uses.ts';

/** Numbers that stand for the texts of a line's fields, in the order of `FIELDS`. */
export type FieldNumbers = readonly number[];

/** A use as the judge knows it. */
export interface JudgedUse {
  /** Milliseconds, NaN for none. */
  readonly time: number;
  readonly status: number;
  /** Bytes from the start of the decoded source. */
  readonly offset: number;
  /** From 0, in the block. */
  readonly line: number;
  readonly token: number;
  /** Index into `VERDICTS`. */
  readonly verdict: number;
  readonly reason: string | null;
  readonly fields: FieldNumbers;
}

const MOST_TEXTS = 1 << 14;
const MOST_TOKENS = 3 << 13;
const FIRST_ROOM = 1024;

/** Gathers the uses of a block in columns; numbers what repeats. */
export class UseWriter {
  readonly #texts = new Texts(MOST_TEXTS);
  readonly #sampler = new Sampler();
  #tokens = 0;
  #firstToken = 0;
  #newTokens: TokenFacts[] = [];
  #numbers = new Float64Array(FIRST_ROOM * USE_SIZE);
  #count = 0;

  /** Before each block: whether all numbers of tokens, or of texts, so far were given up. */
  startOverIfFull(): { readonly tokens: boolean; readonly texts: boolean } {
    const texts = this.#texts.startOverIfFull();
    const tokens = this.#tokens - this.#firstToken >= MOST_TOKENS;
    if (tokens) this.#firstToken = this.#tokens;
    return { tokens, texts };
  }

  /** Whether a token's number given earlier still stands for it. */
  knows(token: number): boolean {
    return token >= this.#firstToken;
  }

  /** Numbers a token that the caller knows again by itself. */
  addToken(
    known: KnownToken & { readonly verdict: Verdict | null },
    token: Uint8Array,
    place: Pick<TokenSample, 'line' | 'offset' | 'time'>,
  ): number {
    const facts = factsOf(tokenId(token), known, tokenTraits(known, token));
    this.#newTokens.push(facts);
    this.#sampler.offer(facts, known.verdict, token, place);
    return this.#tokens++;
  }

  add({ time, status, offset, line, token, verdict, reason, fields }: JudgedUse): void {
    const at = this.next();
    const numbers = this.#numbers;
    numbers[at + UseField.time] = time;
    numbers[at + UseField.offset] = offset;
    numbers[at + UseField.line] = line;
    numbers[at + UseField.token] = token;
    numbers[at + UseField.verdict] = verdict;
    numbers[at + UseField.status] = status;
    numbers[at + UseField.reason] = this.numberOf(reason);
    numbers.set(fields, at + UseField.ip);
  }

  /** Makes room for a use, which the caller writes to `numbers` from the place on that this returns. */
  next(): number {
    const at = this.#count * USE_SIZE;
    if (at === this.#numbers.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#count++;
    return at;
  }

  /** Until the next call of `next`. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  /** The uses since the last call. */
  take(): UseColumns {
    const newTokens = this.#newTokens;
    const count = this.#count;
    this.#newTokens = [];
    this.#count = 0;
    return {
      count,
      numbers: this.#numbers.slice(0, count * USE_SIZE),
      firstToken: this.#firstToken,
      firstText: this.#texts.first,
      newTokens: packFacts(newTokens),
      newTexts: this.#texts.takeFresh(),
      samples: this.#sampler.take(),
    };
  }

  /** The number of a text until the texts start over. */
  numberOf(text: string | null): number {
    return text === null ? NO_TEXT : this.#texts.numberOf(text);
  }

  /** The numbers of the texts that a line holds. */
  numbersOf({ ip, userAgent, method, path, requestId, event }: LineFields): FieldNumbers {
    return [
      this.numberOf(ip),
      this.numberOf(userAgent),
      this.numberOf(method),
      this.numberOf(path),
      requestId === null ? NO_TEXT : hashOfText(requestId),
      this.numberOf(event),
    ];
  }

  /** The number of what a text says as a field. */
  numberOfField(field: Field, text: string): number {
    const value = READERS[field](text);
    return field === 'requestId' && value !== null ? hashOfText(value) : this.numberOf(value);
  }
}
