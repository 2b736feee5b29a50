import { readFileSync } from 'node:fs';
import { withSharedMemory } from './shared-memory.ts';

/** A compiled kernel: plain data, so that threads can share it. */
export type KernelModule = object;

/** What the kernel's own file exports; see assembly/kernel.ts. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly EXCHANGE: Constant;
  readonly SLOW_RANGES: Constant;
  readonly TEXT_PLACES: Constant;
  readonly MOST_KEY_SLOTS: Constant;
  readonly block: Constant;
  readonly room: Constant;
  readonly columns: Constant;
  readonly lines: Constant;
  readonly fields: Constant;
  readonly tokens: Constant;
  readonly tokenlessCount: Constant;
  readonly tokenCount: Constant;
  readonly tokenLineCount: Constant;
  readonly slowCount: Constant;
  readonly unreadCount: Constant;
  readonly freshStart: Constant;
  readonly freshLength: Constant;
  readonly askedStart: Constant;
  readonly askedEnd: Constant;
  readonly BY_HOST: Constant;
  readonly checkedHeader: Constant;
  readonly checkedRecord: Constant;
  readonly inputStart: Constant;
  readonly inputEnd: Constant;
  readonly signatureStart: Constant;
  readonly signatureEnd: Constant;
  readonly nameStart: Constant;
  readonly nameEnd: Constant;
  readonly textCount: Constant;
  readonly expLooksLikeMs: Constant;
  readonly noExpiry: Constant;
  readonly acceptedAnyway: Constant;
  reserve(length: number): number;
  seedCache(seed: number): void;
  configureCache(once: number): void;
  clearCache(): void;
  seedPrefixes(seed: number): void;
  addName(length: number, group: number, role: number, rank: number): number;
  addHeader(length: number, alg: number, keys: number): number;
  nextCheck(): number;
  settleCheck(record: number, key: number): void;
  hashInputsOf(header: number): void;
  prepareKey(slot: number, alg: number, key: number): void;
  seedIdentities(seed: number): void;
  clearIdentities(): void;
  identitiesAreFull(): number;
  numberIdentities(first: number): number;
  configureScan(longestToken: number): void;
  configureBatch(readsTime: number): void;
  configureClock(now: number, leeway: number, byNow: number): void;
  begin(at: number, length: number): void;
  scan(): number;
  finish(): void;
  configureFields(way: number): void;
  startFields(): void;
  readFields(): number;
  addFieldName(field: number): void;
  clearTexts(): void;
  textsAreFull(): number;
  holdsUserLog(): number;
}

/** The part that keeps tallies, in an instance of its own; see assembly/tally.ts. */
export interface TallyExports {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly VERDICT_TOTALS: Constant;
  readonly BUCKET_TOKENS: Constant;
  readonly BUCKET_DISTINCT: Constant;
  readonly BUCKET_EARLIEST: Constant;
  readonly BUCKET_LATEST: Constant;
  readonly PLACES: Constant;
  readonly KEY_TOTALS: Constant;
  readonly MOST_ROWS: Constant;
  readonly ORIGIN_SIZE: Constant;
  readonly TALLY_CLAIMED: Constant;
  readonly TALLY_CLAIMED_SPELLINGS: Constant;
  readonly TALLY_COLUMNS: Constant;
  readonly TALLY_DAYS: Constant;
  readonly TALLY_DISTINCT: Constant;
  readonly TALLY_ODD: Constant;
  readonly TALLY_ORIGINS: Constant;
  readonly TALLY_SCRATCH: Constant;
  readonly TALLY_USERS: Constant;
  readonly oddCount: Constant;
  readonly rowCount: Constant;
  readonly claimedCount: Constant;
  readonly claimedOverflow: Constant;
  readonly ORDERED_ROWS: Constant;
  readonly JSON_PIECES: Constant;
  readonly USERS_JSON: Constant;
  readonly jsonLength: Constant;
  seedIdentities(seed: number): void;
  startTally(seconds: number, rows: number, claimed: number): number;
  configureSet(set: number, slots: number, limit: number): void;
  settleDistinct(): void;
  sizeOf(set: number): number;
  isFull(set: number): number;
  addRow(row: number): number;
  nextDay(from: number): number;
  claim(judge: number, index: number, row: number): void;
  nameUser(row: number, claimed: number): void;
  roomForSpellings(length: number): number;
  learnSpellings(judge: number, from: number, count: number, at: number): void;
  forgetMeetings(judge: number, count: number): void;
  addTokens(from: number, count: number, thread: number, first: number): number;
  orderUsers(): number;
  writeUsers(from: number, end: number, now: number): number;
}

/** The part that tries many keys on few texts, in an instance of its own; see assembly/guess.ts. */
export interface GuessExports {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly GUESS_KEYS: Constant;
  readonly GUESS_TEXT: Constant;
  readonly GUESS_SIGNATURE: Constant;
  readonly MOST_GUESSES: Constant;
  readonly MOST_TARGETS: Constant;
  readonly MOST_TEXT_BLOCKS: Constant;
  startGuesses(): number;
  addTarget(blocks: number): void;
  tryGuesses(from: number, count: number): number;
}

/** The part that finds long words, in an instance of its own; see assembly/words.ts. */
export interface WordsExports {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly WORDS_TEXT: Constant;
  readonly WORD_SIZE: Constant;
  readonly words: Constant;
  reserveText(length: number): number;
  findWords(from: number, to: number): number;
}

export interface Constant {
  readonly value: number;
}

/** The part of WebAssembly that is used here: no other file needs the types of a browser. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => KernelModule;
  readonly Instance: new (module: KernelModule) => { readonly exports: unknown };
}

export const WebAssembly: WebAssemblyApi = (
  globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }
).WebAssembly;

/** From src/kernel and from every folder of dist the same way. */
const FILE = new URL('../../dist/kernel/authlog.wasm', import.meta.url);

/** The compiled kernel, null where `AUTHLOG_NO_WASM=1` forbids it or this machine can't run it (no SIMD). */
export const compileKernel = (): KernelModule | null => {
  if (process.env['AUTHLOG_NO_WASM'] === '1') return null;
  try {
    compiled ??= new WebAssembly.Module(
      endsSoon ? withSharedMemory(readFileSync(FILE)) : readFileSync(FILE),
    );
    return compiled;
  } catch {
    return null;
  }
};

/** Whoever asks again gets the same. */
let compiled: KernelModule | null = null;
let endsSoon = false;

/** Says, before a kernel is asked for, that the process ends with its report: till then its memory is kept. */
export const keepMemoryToTheEnd = (): void => {
  endsSoon = true;
};

/** Null where there are too few addresses for its memory (`ulimit -v`): V8 takes some gigabytes of them. */
const instanceOf = (module: KernelModule): unknown => {
  try {
    return new WebAssembly.Instance(module).exports;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** An instance with memory of its own, to judge blocks; null where there is none. */
export const instantiate = (module: KernelModule): KernelExports | null =>
  instanceOf(module) as KernelExports | null;

/** The same, to keep tallies. */
export const instantiateTally = (module: KernelModule): TallyExports | null =>
  instanceOf(module) as TallyExports | null;

/** The same, to try keys. */
export const instantiateGuesses = (module: KernelModule): GuessExports | null =>
  instanceOf(module) as GuessExports | null;

/** The same, to find words. */
export const instantiateWords = (module: KernelModule): WordsExports | null =>
  instanceOf(module) as WordsExports | null;
