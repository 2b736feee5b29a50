import { readSpellings } from '../kernel/spelling.ts';
import type { FreshIdentities, Spellings } from '../verify/identities.ts';
import type { Identity } from '../verify/identity.ts';

/** Identities with numbers next to each other, read from their spellings when one is asked for. */
interface Run {
  readonly from: number;
  readonly spellings: Spellings | null;
  identities: readonly Identity[] | null;
}

/** What a judge's identity numbers mean, from the least number that it still uses. */
export class JudgeIdentities {
  #runs: Run[] = [];
  #count = 0;

  /** Identities so far: the next one's number. */
  get count(): number {
    return this.#count;
  }

  add({ newSpellings, newIdentities }: FreshIdentities): void {
    if (newSpellings.count > 0) this.#push(newSpellings.count, newSpellings, null);
    if (newIdentities.length > 0) this.#push(newIdentities.length, null, newIdentities);
  }

  #push(count: number, spellings: Spellings | null, identities: Run['identities']): void {
    this.#runs.push({ from: this.#count, spellings, identities });
    this.#count += count;
  }

  /** The identity number `number`. */
  at(number: number): Identity {
    let [low, high] = [0, this.#runs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#runs[middle]!.from <= number) low = middle;
      else high = middle - 1;
    }
    const run = this.#runs[low]!;
    run.identities ??= readSpellings(run.spellings!);
    return run.identities[number - run.from]!;
  }
}
