import { hash } from 'node:crypto';
import { instantiateGuesses, type GuessExports, type KernelModule } from '../kernel/module.ts';
import type { TokenSample } from './weak-secret.ts';

const BLOCK = 64;
/** Behind a text: a bit that is set, and its length. */
const LEAST_PADDING = 9;

export type Target = Pick<TokenSample, 'alg' | 'input' | 'signature'>;

/** Tries HS256 keys on texts four at a time, in the kernel. */
export class Lanes {
  readonly #exports: GuessExports;
  readonly #keys: Uint8Array;
  readonly #most: number;
  /** What each key that waits is of, for whom the keys are. */
  readonly #owners: Int32Array;
  #count = 0;

  private constructor(exports: GuessExports) {
    const { memory, GUESS_KEYS, MOST_GUESSES } = exports;
    this.#exports = exports;
    this.#most = MOST_GUESSES.value;
    this.#keys = new Uint8Array(memory.buffer, GUESS_KEYS.value, this.#most * BLOCK);
    this.#owners = new Int32Array(this.#most);
  }

  /** Null where the kernel has no memory. */
  static of(module: KernelModule): Lanes | null {
    const exports = instantiateGuesses(module);
    return exports === null || exports.startGuesses() === 0 ? null : new Lanes(exports);
  }

  get isFull(): boolean {
    return this.#count === this.#most;
  }

  /** Takes the targets in the place of those before; which of them it does not take: too long, or of another algorithm. */
  setTargets(targets: readonly Target[]): readonly Target[] {
    this.#exports.startGuesses();
    const left: Target[] = [];
    let taken = 0;
    for (const target of targets) {
      if (taken < this.#exports.MOST_TARGETS.value && this.#take(target)) taken++;
      else left.push(target);
    }
    return left;
  }

  /** Lets a key wait; there must be room. `owner` is told when it fits. */
  add(bytes: Uint8Array, start: number, end: number, owner: number): void {
    const keys = this.#keys;
    const at = this.#count * BLOCK;
    this.#owners[this.#count++] = owner;
    let length = end - start;
    if (length > BLOCK) {
      // RFC 2104 section 2: a longer key is its hash.
      const hashed = hash('sha256', bytes.subarray(start, end), 'buffer');
      keys.set(hashed, at);
      length = hashed.length;
    } else {
      for (let i = 0; i < length; i++) keys[at + i] = bytes[start + i]!;
    }
    keys.fill(0, at + length, at + BLOCK);
  }

  /** Tries the keys that wait; the owners of those that fit any target, in their order. */
  flush(): readonly number[] {
    const owners: number[] = [];
    for (let from = 0; from < this.#count; from++) {
      from = this.#exports.tryGuesses(from, this.#count);
      if (from < 0) break;
      owners.push(this.#owners[from]!);
    }
    this.#count = 0;
    return owners;
  }

  #take({ alg, input, signature }: Target): boolean {
    const blocks = Math.ceil((input.length + LEAST_PADDING) / BLOCK);
    const { memory, GUESS_TEXT, GUESS_SIGNATURE, MOST_TEXT_BLOCKS } = this.#exports;
    if (alg !== 'HS256' || blocks > MOST_TEXT_BLOCKS.value) return false;
    const text = new Uint8Array(memory.buffer, GUESS_TEXT.value, blocks * BLOCK);
    text.fill(0);
    text.set(input);
    text[input.length] = 0x80;
    // The key's own block is hashed before the text.
    const bits = (BLOCK + input.length) * 8;
    new DataView(text.buffer, text.byteOffset).setUint32(text.length - 4, bits);
    new Uint8Array(memory.buffer, GUESS_SIGNATURE.value, signature.length).set(signature);
    this.#exports.addTarget(blocks);
    return true;
  }
}
