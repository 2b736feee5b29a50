import { identitiesOf, NO_IDENTITY, type JudgedBlock } from '../judge/judged.ts';
import type { Identity } from '../verify/identity.ts';
import { VERDICTS, VERIFIED, type Verdict } from '../verify/verdict.ts';
import type { KernelModule } from '../kernel/module.ts';
import { ExpiryTally } from './expiry.ts';
import { FingerprintSet, MOST_FINGERPRINTS } from './fingerprints.ts';
import { KernelTally } from './kernel-tally.ts';
import type { Totals } from './summary.ts';
import { UnverifiedTally } from './unverified.ts';
import type { UserRows } from './user-rows.ts';
import { UserTally } from './users.ts';

/** A token, and what lines say beside it; in a compressed log more tokens, and the tables grow. */
const BYTES_A_TOKEN = 320;
const MOST_EXPECTED = 1_000_000;
/** Judges that the fast twin tells apart. */
const MOST_JUDGES = 60;
const STAMPS_EACH = 2 ** 40;
const IS_VERIFIED: Uint8Array = Uint8Array.from(VERDICTS, (v) => (VERIFIED.has(v) ? 1 : 0));

export interface TallyOptions {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly zone: string;
  readonly maxUsers: number;
  /** Number of keys in the ring. */
  readonly keys: number;
  /** Bytes of all input, null where that is not known; a guess at the number of tokens. */
  readonly bytes: number | null;
  /** Keys have windows of use, so one token can be refused at one time and verify at another. */
  readonly keysExpire: boolean;
  /** The fast twin, null to do without. */
  readonly kernel: KernelModule | null;
  /** Judges whose blocks will come. */
  readonly judges: number;
  /** Counts expiries in place of the usual tally; needs `kernel` to be null. */
  readonly expiry?: ExpiryTally;
}

/** What a judge's identity numbers mean, and the users' row of each, -1 where none was asked for. */
interface KnownIdentities {
  /** Added to a number it makes a number among all judges' identities. */
  stamp: number;
  /** Number of the first. */
  first: number;
  identities: Identity[];
  rows: Int32Array;
}

/**
 * Adds judged blocks, in the order of the log, to numbers of which the report is made. The order
 * matters only where a bound is met, and blocks come in the same order from any number of threads.
 */
export class Tally {
  readonly users: UserTally;
  readonly unverified: UnverifiedTally = new UnverifiedTally();
  readonly expiry: ExpiryTally;
  readonly notices: Map<string, number> = new Map();
  readonly keyTokens: Float64Array;
  /** Only where one token can be refused at one time and verify at another. */
  readonly #verifiedTokens: FingerprintSet | null;
  readonly #verdicts: Float64Array = new Float64Array(VERDICTS.length);
  readonly #tokens: FingerprintSet;
  /** For each thread, what its identity numbers mean. */
  readonly #identities = new Map<number, KnownIdentities>();
  /** Each user's identity at the last use: e-mail and roles need a look only when it changes. */
  #lastIdentity: Float64Array = new Float64Array(0);
  readonly #fast: KernelTally | null;
  readonly #now: number;
  #apart: UserRows | null = null;
  #lines = 0;
  #linesWithToken = 0;
  #linesSkipped = 0;
  #count = 0;

  constructor(options: TallyOptions) {
    this.users = new UserTally(options.maxUsers);
    this.expiry = options.expiry ?? new ExpiryTally(options.now, options.zone);
    const expected = Math.min((options.bytes ?? 0) / BYTES_A_TOKEN, MOST_EXPECTED);
    this.#tokens = new FingerprintSet(MOST_FINGERPRINTS, options.kernel === null ? expected : 0);
    this.keyTokens = new Float64Array(options.keys);
    this.#verifiedTokens = options.keysExpire ? new FingerprintSet(MOST_FINGERPRINTS) : null;
    this.#now = options.now;
    this.#fast = this.#createFast(options, expected);
  }

  /** Days of another zone than UTC, and keys that expire, are counted the slow way. */
  #createFast(options: TallyOptions, expected: number): KernelTally | null {
    const { kernel, zone, keysExpire, judges, now } = options;
    if (kernel === null || zone !== 'UTC' || keysExpire || judges > MOST_JUDGES) return null;
    const { users, unverified, expiry, keyTokens } = this;
    const tables = { users, unverified, expiry, keyTokens };
    return KernelTally.create(
      kernel,
      { ...tables, verdicts: this.#verdicts, tokens: this.#tokens },
      now,
      expected,
    );
  }

  /** To be called once, when all blocks were added, before any number is read. */
  settle(): void {
    this.#fast?.settle();
  }

  /** The same, where users are only to be written: all as JSON, or the first of them; see `apart`. */
  settleApart(): void {
    this.#apart = this.#fast?.settleApart(this.#now) ?? null;
  }

  /** The users, where they were left in the kernel; then `users` has not got them. */
  get apart(): UserRows | null {
    return this.#apart;
  }

  /** The users as a number of people, wherever they are. */
  get people(): Pick<UserTally, 'countWith' | 'overflow'> {
    return this.#apart ?? this.users;
  }

  /** Different tokens were too many to tell all of them apart. */
  get distinctIsFloor(): boolean {
    return this.#tokens.full;
  }

  /** @param origin tells the judges apart: each numbers its identities for itself */
  add(block: JudgedBlock, origin: number): void {
    this.#lines += block.lines;
    this.#linesWithToken += block.linesWithToken;
    this.#linesSkipped += block.linesSkipped;
    this.#count += block.uses?.reduce((sum, n) => sum + n, 0) ?? block.count;
    for (const { code, count } of block.notices) {
      this.notices.set(code, (this.notices.get(code) ?? 0) + count);
    }
    if (this.#fast !== null) {
      this.#fast.add(block, origin);
      return;
    }
    const identities = this.#identitiesOf(origin, block);
    for (let i = 0; i < block.count; i++) this.#addToken(block, i, identities);
  }

  totals(): Totals {
    const verdicts = VERDICTS.map((verdict, i) => [verdict, this.#verdicts[i]!] as const);
    return {
      lines: this.#lines,
      lines_with_token: this.#linesWithToken,
      lines_without_token: this.#lines - this.#linesWithToken - this.#linesSkipped,
      lines_skipped: this.#linesSkipped,
      tokens: this.#count,
      distinct_tokens: this.#tokens.size,
      verdicts: Object.fromEntries(verdicts) as Record<Verdict, number>,
    };
  }

  #addToken(block: JudgedBlock, at: number, identities: KnownIdentities): void {
    const verdict = block.verdicts[at]!;
    const uses = block.uses === undefined ? 1 : block.uses[at]!;
    this.#verdicts[verdict]! += uses;
    const high = block.fingerprints[at * 2]!;
    const low = block.fingerprints[at * 2 + 1]!;
    const isTold = high === 0 && low === 0;
    const isFirst = !isTold && this.#tokens.add(high, low);
    const number = block.identities[at]! - identities.first;
    if (IS_VERIFIED[verdict] === 0) {
      if (block.identities[at] !== NO_IDENTITY) {
        const row = this.unverified.rowOf(identities.identities[number]!);
        this.unverified.add(row, verdict, uses);
      }
      return;
    }
    const key = block.keys[at]!;
    if (key >= 0) this.keyTokens[key]! += uses;
    let row = identities.rows[number]!;
    if (row < 0) {
      row = this.users.rowOf(identities.identities[number]!);
      identities.rows[number] = row;
    }
    const stamp = identities.stamp + number;
    if (this.#lastIdentity[row] !== stamp) {
      this.users.see(row, identities.identities[number]!);
      if (row >= this.#lastIdentity.length) this.#growRows(row);
      this.#lastIdentity[row] = stamp;
    }
    const isNew =
      this.#verifiedTokens === null ? isFirst : !isTold && this.#verifiedTokens.add(high, low);
    const bucket = this.expiry.bucketOf(block, at);
    this.users.add(row, block, at, bucket, isNew, uses);
    this.expiry.add(block, at, bucket, row, isNew, uses);
  }

  /** Another judge goes on under this origin, and numbers its identities from the start. */
  startOver(origin: number): void {
    const known = this.#identities.get(origin);
    if (known === undefined) return;
    known.stamp += known.identities.length;
    known.first = 0;
    known.identities = [];
    known.rows = new Int32Array(0);
  }

  #growRows(row: number): void {
    const larger = new Float64Array(Math.max(1024, row * 2));
    larger.set(this.#lastIdentity);
    this.#lastIdentity = larger;
  }

  #identitiesOf(origin: number, block: JudgedBlock): KnownIdentities {
    let known = this.#identities.get(origin);
    if (known === undefined) {
      known = {
        stamp: (origin + 1) * STAMPS_EACH,
        first: 0,
        identities: [],
        rows: new Int32Array(0),
      };
      this.#identities.set(origin, known);
    }
    if (block.firstIdentity > known.first) {
      known.stamp += block.firstIdentity - known.first;
      known.first = block.firstIdentity;
      known.identities = [];
      known.rows.fill(-1);
    }
    for (const identity of identitiesOf(block)) known.identities.push(identity);
    if (known.rows.length < known.identities.length) {
      const rows = new Int32Array(Math.max(64, known.identities.length * 2)).fill(-1);
      rows.set(known.rows);
      known.rows = rows;
    }
    return known;
  }
}
