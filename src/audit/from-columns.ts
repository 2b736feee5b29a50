import type { TokenFacts } from '../event/facts.ts';
import { unpackFacts } from '../event/packed-facts.ts';
import { NO_TEXT, USE_SIZE, UseField, type UseColumns } from '../judge/uses.ts';
import { VERDICTS } from '../verify/verdict.ts';
import type { KnownTokens } from './known-tokens.ts';
import type { Use } from './use.ts';

/** Knows the newest time that a file has told so far. */
export class FileClock {
  #newest = Number.NEGATIVE_INFINITY;

  /** Milliseconds that the next time is older than it. */
  behind(time: number): number {
    if (!(time < this.#newest)) {
      if (time > this.#newest) this.#newest = time;
      return 0;
    }
    return this.#newest - time;
  }
}

/** What the numbers of a block stand for; later blocks of its judge leave it alone. */
export interface Numbered {
  readonly tokens: Kept<TokenFacts>;
  readonly texts: Kept<string>;
}

/** Reads the columns of one judge: keeps what its numbers stand for. */
export class ColumnsReader {
  readonly #known: KnownTokens;
  #tokens = new Kept<TokenFacts>([], 0);
  #texts = new Kept<string>([], 0);

  constructor(known: KnownTokens) {
    this.#known = known;
  }

  /** Takes what is new in a block, for the blocks of the judge in the order that it judged them. */
  take({ firstToken, newTokens, firstText, newTexts }: UseColumns): Numbered {
    const { textOf } = this.#known;
    const tokens = unpackFacts(newTokens, textOf).map((token) => this.#known.canonical(token));
    this.#tokens = this.#tokens.with(firstToken, tokens);
    this.#texts = this.#texts.with(firstText, newTexts);
    return { tokens: this.#tokens, texts: this.#texts };
  }
}

/** The uses of a block of `file`; `firstLine` is the number of its first line, from 1. */
export const usesOf = (
  { count, numbers }: UseColumns,
  { tokens, texts }: Numbered,
  file: string,
  firstLine: number,
  clock: FileClock,
): Use[] => {
  const uses: Use[] = [];
  // Made integers, because of what is read as a float V8 keeps an object for each use.
  const integerAt = (place: number): number => numbers[place]! | 0;
  const textOf = (number: number): string | null => (number === NO_TEXT ? null : texts.at(number));
  for (let at = 0; at < count * USE_SIZE; at += USE_SIZE) {
    const token = tokens.at(numbers[at + UseField.token]!);
    const time = numbers[at + UseField.time]!;
    uses.push({
      time,
      verdict: VERDICTS[integerAt(at + UseField.verdict)]!,
      reason: textOf(numbers[at + UseField.reason]!),
      token,
      ip: textOf(numbers[at + UseField.ip]!),
      userAgent: textOf(numbers[at + UseField.userAgent]!),
      method: textOf(numbers[at + UseField.method]!),
      path: textOf(numbers[at + UseField.path]!),
      status: integerAt(at + UseField.status),
      requestId: hashed(numbers[at + UseField.requestId]!),
      event: textOf(numbers[at + UseField.event]!),
      user: token.user,
      file,
      line: firstLine + integerAt(at + UseField.line),
      offset: numbers[at + UseField.offset]!,
      behind: clock.behind(time),
    });
  }
  return uses;
};

const hashed = (number: number): number | null => (number === NO_TEXT ? null : number);

/** Things by rising numbers, without those that were given up. */
class Kept<T> {
  readonly #things: T[];
  readonly #first: number;

  constructor(things: T[], first: number) {
    this.#things = things;
    this.#first = first;
  }

  /** The same with those that come next; what lies below `first` is given up, though not here. */
  with(first: number, fresh: readonly T[]): Kept<T> {
    const kept =
      first > this.#first ? new Kept(this.#things.slice(first - this.#first), first) : this;
    for (const thing of fresh) kept.#things.push(thing);
    return kept;
  }

  at(number: number): T {
    return this.#things[number - this.#first]!;
  }
}
