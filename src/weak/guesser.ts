import type { KernelModule } from '../kernel/module.ts';
import { decodeInto, decodings, type Form } from './decodings.ts';
import { KeyedHash } from './keyed-hash.ts';
import { Lanes, type Target } from './lanes.ts';

/** A longer line of a word list is no secret. */
export const LONGEST_GUESS = 4096;

/** A text that would give a configured secret away, and the number of that secret. */
export interface Giveaway {
  readonly secret: number;
  readonly text: Uint8Array;
}

/** What guesses are tried on: plain data, so that it can be handed to a thread. */
export interface GuessTask {
  readonly giveaways: readonly Giveaway[];
  readonly samples: readonly Target[];
  /** Numbers of the samples that every guess is tried on; the others have their turn after a hit. */
  readonly leaders: readonly number[];
  readonly kernel: KernelModule | null;
}

/** A line that is a secret. Never holds the secret. */
export interface Hit {
  /** In its list, from 1. */
  readonly line: number;
  readonly form: Form;
  /** Bytes of the secret. */
  readonly length: number;
  /** Numbers of the samples that it verifies, and of the configured secrets that it gives away. */
  readonly samples: readonly number[];
  readonly secrets: readonly number[];
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Tries the lines of word lists. What a line has found it does not look for again in later ones. */
export class Guesser {
  readonly #samples: readonly Target[];
  readonly #hashes: readonly KeyedHash[];
  readonly #lanes: Lanes | null;
  readonly #room = new Uint8Array(2 * LONGEST_GUESS);
  #leaders: readonly number[];
  /** The leaders that the kernel does not take. */
  #slow: readonly number[];
  /** By their length. */
  readonly #giveaways: Giveaway[][] = [];
  readonly #given = new Set<number>();
  #bytes: Uint8Array = new Uint8Array(0);
  #first = 1;
  #hits: Hit[] = [];

  constructor({ giveaways, samples, leaders, kernel }: GuessTask) {
    this.#samples = samples;
    this.#hashes = samples.map((s) => new KeyedHash(s.alg, s.input, s.signature));
    this.#lanes = kernel === null ? null : Lanes.of(kernel);
    this.#leaders = leaders;
    this.#slow = this.#divide();
    for (const giveaway of giveaways) (this.#giveaways[giveaway.text.length] ??= []).push(giveaway);
  }

  /** Tries each line, of which `bytes` holds whole ones; the first is line `first` of the list. */
  tryLines(bytes: Uint8Array, first: number): readonly Hit[] {
    this.#hits = [];
    this.#bytes = bytes;
    this.#first = first;
    for (let start = 0; start < bytes.length;) {
      const newline = this.#newlineAfter(start);
      const end = this.#endOf(start, newline);
      if (end - start <= LONGEST_GUESS) this.#tryLine(start, end);
      start = newline + 1;
    }
    this.#flush();
    return this.#hits.toSorted((a, b) => a.line - b.line);
  }

  #tryLine(start: number, end: number): void {
    const giveaways = this.#giveaways[end - start];
    if (giveaways !== undefined) this.#compare(giveaways, start, end);
    if (this.#leaders.length === 0) return;
    this.#tryKey(this.#bytes, start, end, start, 'text');
    const room = this.#room;
    const { base64, hex } = decodeInto(room, this.#bytes, start, end);
    if (base64 > 0) this.#tryKey(room, 0, base64, start, 'base64');
    if (hex > 0) this.#tryKey(room, LONGEST_GUESS, LONGEST_GUESS + hex, start, 'hex');
  }

  #compare(giveaways: readonly Giveaway[], start: number, end: number): void {
    for (const { secret, text } of giveaways) {
      if (this.#given.has(secret)) continue;
      let at = 0;
      while (at < text.length && text[at] === this.#bytes[start + at]) at++;
      if (at < text.length) continue;
      this.#given.add(secret);
      const line = this.#lineAt(start);
      this.#hits.push({ line, form: 'text', length: end - start, samples: [], secrets: [secret] });
    }
  }

  /** Tries `bytes[start, end)`, which is what the line at `place` may mean. */
  #tryKey(bytes: Uint8Array, start: number, end: number, place: number, form: Form): void {
    if (this.#slow.length > 0) this.#check(this.#slow, bytes, start, end, place, form);
    if (this.#lanes === null || this.#slow.length === this.#leaders.length) return;
    this.#lanes.add(bytes, start, end, place);
    if (this.#lanes.isFull) this.#flush();
  }

  /** Lines that the kernel says are keys are tried again by the twin, which tells the rest. */
  #flush(): void {
    for (const place of this.#lanes?.flush() ?? []) {
      const end = this.#endOf(place, this.#newlineAfter(place));
      const text = this.#bytes.subarray(place, end);
      for (const { form, bytes } of [{ form: 'text' as const, bytes: text }, ...decodings(text)]) {
        this.#check(this.#leaders, bytes, 0, bytes.length, place, form);
      }
    }
  }

  #check(
    leaders: readonly number[],
    bytes: Uint8Array,
    start: number,
    end: number,
    place: number,
    form: Form,
  ): void {
    if (!leaders.some((number) => this.#hashes[number]!.isKey(bytes, start, end))) return;
    const samples = [...this.#hashes.keys()].filter((number) =>
      this.#hashes[number]!.isKey(bytes, start, end),
    );
    const line = this.#lineAt(place);
    this.#hits.push({ line, form, length: end - start, samples, secrets: [] });
    this.#leaders = this.#leaders.filter((number) => !samples.includes(number));
    this.#slow = this.#divide();
  }

  /** Gives the kernel the leaders that it takes; returns the others. */
  #divide(): readonly number[] {
    if (this.#lanes === null) return this.#leaders;
    const left = this.#lanes.setTargets(this.#leaders.map((number) => this.#samples[number]!));
    return this.#leaders.filter((number) => left.includes(this.#samples[number]!));
  }

  #newlineAfter(start: number): number {
    const found = this.#bytes.indexOf(NEWLINE, start);
    return found < 0 ? this.#bytes.length : found;
  }

  #endOf(start: number, newline: number): number {
    return newline > start && this.#bytes[newline - 1] === RETURN ? newline - 1 : newline;
  }

  #lineAt(place: number): number {
    let line = this.#first;
    for (let at = this.#newlineAfter(0); at < place; at = this.#newlineAfter(at + 1)) line++;
    return line;
  }
}
