import type { TokenFacts } from '../event/facts.ts';
import { unpackFacts } from '../event/packed-facts.ts';
import { NO_TEXT, USE_SIZE, UseField, type UseColumns } from '../judge/uses.ts';
import { VERDICTS } from '../verify/verdict.ts';
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

/** Reads the columns of one judge: keeps what its numbers stand for. */
export class ColumnsReader {
  readonly #tokens = new Kept<TokenFacts>();
  readonly #texts = new Kept<string>();

  /** The uses of a block of `file`; `firstLine` is the number of its first line, from 1. */
  read(columns: UseColumns, file: string, firstLine: number, clock: FileClock): Use[] {
    const uses: Use[] = [];
    const { count, numbers } = columns;
    this.#tokens.add(columns.firstToken, unpackFacts(columns.newTokens));
    this.#texts.add(columns.firstText, columns.newTexts);
    for (let at = 0; at < count * USE_SIZE; at += USE_SIZE) {
      const token = this.#tokens.at(numbers[at + UseField.token]!);
      const time = numbers[at + UseField.time]!;
      uses.push({
        time,
        verdict: VERDICTS[numbers[at + UseField.verdict]!]!,
        reason: this.#text(numbers[at + UseField.reason]!),
        token,
        ip: this.#text(numbers[at + UseField.ip]!),
        userAgent: this.#text(numbers[at + UseField.userAgent]!),
        method: this.#text(numbers[at + UseField.method]!),
        path: this.#text(numbers[at + UseField.path]!),
        status: numbers[at + UseField.status]!,
        requestId: hashed(numbers[at + UseField.requestId]!),
        event: this.#text(numbers[at + UseField.event]!),
        user: token.user,
        file,
        line: firstLine + numbers[at + UseField.line]!,
        offset: numbers[at + UseField.offset]!,
        behind: clock.behind(time),
      });
    }
    return uses;
  }

  #text(number: number): string | null {
    return number === NO_TEXT ? null : this.#texts.at(number);
  }
}

const hashed = (number: number): number | null => (number === NO_TEXT ? null : number);

/** Things by rising numbers, without those that were given up. */
class Kept<T> {
  #things: T[] = [];
  #first = 0;

  add(first: number, fresh: readonly T[]): void {
    if (first > this.#first) {
      this.#things = this.#things.slice(first - this.#first);
      this.#first = first;
    }
    for (const thing of fresh) this.#things.push(thing);
  }

  at(number: number): T {
    return this.#things[number - this.#first]!;
  }
}
