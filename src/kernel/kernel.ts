import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { KeyRing } from '../keys/key.ts';
import type { LineContext, LineFacts } from '../source/fields/fields.ts';
import { readFacts } from '../source/fields/facts.ts';
import type { Identities } from '../verify/identities.ts';
import type { Policy } from '../verify/policy.ts';
import { LineTexts, type NumberOfText } from './line-texts.ts';
import { KernelKeys } from './keys.ts';
import { instantiate, type KernelExports, type KernelModule } from './module.ts';
import { addNames } from './names.ts';
import { SignatureChecks } from './signature-checks.ts';

/** Lines that the kernel leaves to the slow twin: offsets in the block, and the tokens before them. */
export interface SlowRange {
  readonly start: number;
  readonly end: number;
  readonly tokensBefore: number;
}

/** Records of tokens (`TOKEN_WORDS` each: start, end, end of the signing input, line) and of lines (`LINE_WORDS`: start, end, status, 1 where time and status are known; word 6: number in the block). */
export interface TokenPlaces {
  /** What to take off a start or an end to get an offset in the block. */
  readonly block: number;
  readonly tokens: Uint32Array;
  readonly lines: Uint32Array;
}

/** What the kernel judges by. */
export interface KernelOptions {
  readonly ring: KeyRing;
  readonly policy: Policy;
  /** Of times without an offset: the kernel reads those of UTC. */
  readonly zone: string;
  /** Recalled tokens are told without a fingerprint. */
  readonly fingerprintsOnce: boolean;
  /** Verifies RSA signatures, null to leave all to node:crypto. */
  readonly rsa: KernelModule | null;
}

export const TOKEN_WORDS = 36;
export const LINE_WORDS = 8;

const ASKS = 1;
const GIVES_UP = 2;
const CHECKS = 3;
/** Half of what the kernel keeps of identities is free when a block begins, and that is as much. */
const LONGEST_BLOCK = 4 << 20;

/**
 * The WebAssembly kernel as a judge's fast twin: judges the tokens of plain lines of a block and says which
 * lines are not plain. What it judges, the slow twin judges the same.
 */
export class Kernel {
  readonly #exports: KernelExports;
  readonly #keys: KernelKeys;
  readonly #checks: SignatureChecks;
  readonly #identities: Identities;
  #memory: Buffer = Buffer.alloc(0);

  private constructor(
    exports: KernelExports,
    { ring, rsa }: KernelOptions,
    identities: Identities,
  ) {
    this.#exports = exports;
    this.#checks = new SignatureChecks(exports, ring, rsa);
    this.#keys = new KernelKeys(exports, ring, this.#checks);
    this.#identities = identities;
  }

  /** Null where the policy asks for what the kernel does not judge. */
  static create(
    module: KernelModule,
    options: KernelOptions,
    identities: Identities,
  ): Kernel | null {
    const { policy, zone, fingerprintsOnce } = options;
    if (policy.issuers !== null || policy.audiences !== null) return null;
    const exports = instantiate(module);
    if (exports === null || exports.reserve(1) === 0) return null;
    if (!addNames(exports, policy.userClaims)) return null;
    const seeds = randomBytes(12);
    exports.seedCache(seeds.readInt32LE(0));
    exports.seedIdentities(seeds.readInt32LE(4));
    exports.seedPrefixes(seeds.readInt32LE(8));
    exports.configureCache(fingerprintsOnce ? 1 : 0);
    exports.configureScan(policy.maxToken);
    exports.configureBatch(zone === 'UTC' ? 1 : 0);
    const kernel = new Kernel(exports, options, identities);
    kernel.moveTo(policy);
    return kernel;
  }

  /** The policy's present is another now. */
  moveTo({ now, leeway, clock }: Policy): void {
    this.#exports.configureClock(now, leeway, clock === 'now' ? 1 : 0);
  }

  /** The identities take so much room that the next block may not fit: `forget` is due. */
  get isFull(): boolean {
    return this.#exports.identitiesAreFull() !== 0;
  }

  /** Forgets all identities, because their numbers no longer hold, and the tokens that name them. */
  forget(): void {
    this.#exports.clearIdentities();
    this.#exports.clearCache();
  }

  /** Judges what is plain in `bytes[0, length)`; null where it is all the slow twin's. */
  judge(bytes: Uint8Array, length: number, context: LineContext): readonly SlowRange[] | null {
    const exports = this.#exports;
    const block = this.#place(bytes, length);
    if (block === null) return null;
    exports.begin(block, length);
    let outcome = exports.scan();
    for (; outcome === ASKS || outcome === CHECKS; outcome = exports.scan()) {
      if (outcome === CHECKS) this.#checks.run(this.#memory);
      else this.#keys.learn(bytes, exports.askedStart.value, exports.askedEnd.value);
    }
    this.#numberIdentities();
    if (outcome === GIVES_UP) return null;
    if (exports.unreadCount.value > 0) this.#readLines(context);
    exports.finish();
    return this.#slowRanges(block);
  }

  /**
   * Memory for `length` bytes that are then judged where they lie; null where there is none. It holds until the
   * next block, or until more is asked for.
   */
  room(length: number): Uint8Array | null {
    const exports = this.#exports;
    if (length > LONGEST_BLOCK || exports.reserve(length) === 0) return null;
    const { buffer } = exports.memory;
    if (this.#memory.buffer !== buffer) this.#memory = Buffer.from(buffer);
    return this.#memory.subarray(exports.room.value, exports.room.value + length);
  }

  /** Where in its memory the kernel finds the block, put there if need be. */
  #place(bytes: Uint8Array, length: number): number | null {
    if (bytes.buffer === this.#memory.buffer) return bytes.byteOffset;
    const room = this.room(length);
    room?.set(bytes.subarray(0, length));
    return room?.byteOffset ?? null;
  }

  /** Tokens that were judged, and lines, all and those with tokens, that are not left to the slow twin. */
  get tokens(): number {
    return this.#exports.tokenCount.value;
  }

  get lines(): number {
    return this.#exports.tokenlessCount.value + this.#exports.tokenLineCount.value;
  }

  get linesWithToken(): number {
    return this.#exports.tokenLineCount.value;
  }

  /** Where the columns of the judged tokens lie, until the next block. */
  get columns(): { readonly buffer: ArrayBufferLike; readonly offset: number } {
    return { buffer: this.#exports.memory.buffer, offset: this.#exports.columns.value };
  }

  /**
   * Reads what the lines of judged tokens say; for one reader alone.
   * @param forwarded leaves lines to the slow way that tell the way of their request
   */
  lineTexts(numberOf: NumberOfText, forwarded: boolean): LineTexts {
    return new LineTexts(this.#exports, numberOf, forwarded);
  }

  /** Where the judged tokens stand in the block, until the next one. */
  get places(): TokenPlaces {
    const { memory, tokens, lines, tokenCount, tokenLineCount, block } = this.#exports;
    return {
      block: block.value,
      tokens: new Uint32Array(memory.buffer, tokens.value, tokenCount.value * TOKEN_WORDS),
      lines: new Uint32Array(memory.buffer, lines.value, tokenLineCount.value * LINE_WORDS),
    };
  }

  /** Remarks on the judged tokens. */
  get notices(): readonly (readonly [code: string, count: number])[] {
    const { expLooksLikeMs, noExpiry, acceptedAnyway } = this.#exports;
    return [
      ['exp_looks_like_ms', expLooksLikeMs.value],
      ['no_expiry', noExpiry.value],
      ['accepted_anyway', acceptedAnyway.value],
    ];
  }

  /** Facts of the lines that the kernel did not read, in the order of the block. */
  onLine: (facts: LineFacts) => void = () => undefined;

  #readLines(context: LineContext): void {
    const { buffer } = this.#exports.memory;
    const place = this.#exports.lines.value;
    const count = this.#exports.tokenLineCount.value;
    const words = new Uint32Array(buffer, place, count * LINE_WORDS);
    const times = new Float64Array(buffer, place, (count * LINE_WORDS) / 2);
    const bytes = this.#memory;
    for (let i = 0; i < count; i++) {
      const at = i * LINE_WORDS;
      if (words[at + 3] !== 0) continue;
      readFacts(bytes, words[at]!, words[at + 1]!, context, facts);
      words[at + 2] = facts.status;
      times[at / 2 + 2] = facts.time;
      this.onLine(facts);
    }
  }

  #numberIdentities(): void {
    const exports = this.#exports;
    const start = exports.freshStart.value;
    const length = exports.freshLength.value;
    if (length === 0) return;
    const bytes = new Uint8Array(exports.memory.buffer, start, length).slice();
    const count = exports.numberIdentities(this.#identities.next);
    this.#identities.addSpellings({ count, bytes });
  }

  #slowRanges(block: number): readonly SlowRange[] {
    const count = this.#exports.slowCount.value;
    const words = new Uint32Array(
      this.#exports.memory.buffer,
      this.#exports.SLOW_RANGES.value,
      count * 3,
    );
    return Array.from({ length: count }, (_, i) => ({
      start: words[i * 3]! - block,
      end: words[i * 3 + 1]! - block,
      tokensBefore: words[i * 3 + 2]!,
    }));
  }
}

const facts: LineFacts = { time: Number.NaN, timeFlags: 0, status: 0 };
