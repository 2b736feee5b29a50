import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import { instantiate, type KernelModule } from '../../src/kernel/module.ts';
import { ROOT } from '../support/cli.ts';
import { compileAssembly } from './compiled.ts';

interface Constant {
  readonly value: number;
}

/** What assembly/entry.ts exports. */
interface Entry {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly EXCHANGE: Constant;
  readonly LONGEST_TOKEN: Constant;
  readonly VERIFIED: Constant;
  readonly FORGED: Constant;
  readonly room: Constant;
  reserve(length: number): number;
  addHeader(length: number, alg: number, keys: number): void;
  prepareKey(slot: number, alg: number, key: number): void;
  clearQueues(): void;
  flushLanes(): void;
  signatureAt(index: number): number;
  check(index: number, header: number, start: number, inputEnd: number, end: number): void;
  stateOf(index: number): number;
  keyOf(index: number): number;
  highOf(index: number): number;
  lowOf(index: number): number;
}

export interface Message {
  /** What `addHeader` gave. */
  readonly header: number;
  readonly text: Uint8Array;
  readonly signature: Uint8Array;
  /** What the whole token has behind its message. */
  readonly rest?: Uint8Array;
  /** Where it starts in a line of sixteen bytes. */
  readonly alignment?: number;
}

export interface Outcome {
  readonly verified: boolean;
  /** Index of the key that verified, -1 for none. */
  readonly key: number;
  /** Eight bytes, hexadecimal. */
  readonly fingerprint: string;
}

const SLOTS = 0x400;
const OUTER = 128;

/** The kernel's HMAC, told directly what it otherwise finds in a log. */
export class Messages {
  readonly #entry: Entry;
  #headers = 0;
  #slots = 0;
  #room = 0;

  constructor(module: KernelModule) {
    this.#entry = instantiate(module) as unknown as Entry;
    this.#reserve(1);
  }

  /** Adds a header whose tokens are tried with `secrets` in this order; returns its index. */
  addHeader(bits: 256 | 384 | 512, secrets: readonly Uint8Array[]): number {
    const slots = secrets.map((secret) => this.#prepareKey(bits, secret));
    this.#bytes(this.#entry.EXCHANGE.value, 0x1000).set(slots, SLOTS);
    this.#entry.addHeader(0, bits, slots.length);
    return this.#headers++;
  }

  #prepareKey(bits: number, secret: Uint8Array): number {
    const size = bits === 256 ? 64 : 128;
    const key = new Uint8Array(size);
    key.set(secret.length > size ? createHash(`sha${bits}`).update(secret).digest() : secret);
    const exchange = this.#bytes(this.#entry.EXCHANGE.value, 0x1000);
    exchange.set(key.map((byte) => byte ^ 0x36));
    exchange.set(
      key.map((byte) => byte ^ 0x5c),
      OUTER,
    );
    this.#entry.prepareKey(this.#slots, bits, this.#slots);
    return this.#slots++;
  }

  /** Checks messages together, as those of one block. */
  check(messages: readonly Message[]): readonly Outcome[] {
    const entry = this.#entry;
    const starts: number[] = [];
    let length = 0;
    for (const { text, rest, alignment = 0 } of messages) {
      const start = ((length + 15) & ~15) + alignment;
      starts.push(start);
      length = start + text.length + (rest?.length ?? 0);
    }
    if (length > this.#room) this.#reserve(Math.max(length, messages.length * 60));
    entry.clearQueues();
    const memory = this.#bytes(0, entry.memory.buffer.byteLength);
    const block = entry.room.value;
    // What stands around a message must not matter.
    memory.fill(0xa5, block, block + length);
    for (const [i, { header, text, signature, rest }] of messages.entries()) {
      const start = starts[i]!;
      const inputEnd = start + text.length;
      memory.set(text, block + start);
      if (rest !== undefined) memory.set(rest, block + inputEnd);
      memory.set(signature, entry.signatureAt(i));
      entry.check(i, header, start, inputEnd, inputEnd + (rest?.length ?? 0));
    }
    entry.flushLanes();
    return messages.map((_, i) => this.#outcome(i));
  }

  #outcome(index: number): Outcome {
    const { VERIFIED, FORGED } = this.#entry;
    const state = this.#entry.stateOf(index);
    if (state !== VERIFIED.value && state !== FORGED.value) throw new Error(`still ${state}`);
    const words = [this.#entry.highOf(index), this.#entry.lowOf(index)];
    return {
      verified: state === VERIFIED.value,
      key: this.#entry.keyOf(index),
      fingerprint: words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
    };
  }

  #reserve(length: number): void {
    this.#room = length;
    if (this.#entry.reserve(length) === 0) throw new Error('no memory');
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#entry.memory.buffer, at, length);
  }
}

/** The module behind `Messages`. */
export const compileMessages = async (): Promise<KernelModule> => {
  const file = fileURLToPath(new URL('./assembly/entry.ts', import.meta.url));
  return new globals.WebAssembly.Module(await compileAssembly(relative(ROOT, file)));
};

const globals = globalThis as unknown as {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };
};
