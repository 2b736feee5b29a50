import { identitiesOf, NO_IDENTITY, type JudgedBlock } from '../judge/judged.ts';
import { userKey, type Identity } from '../verify/identity.ts';
import { VERDICTS } from '../verify/verdict.ts';
import type { TallyFoot, TallyGroup, TallyHead, TallyLine } from './tally-format.ts';

/** Groups that are kept open: what comes later makes a group of its own, and sums are the same. */
const MOST_OPEN = 65_536;

interface Open {
  readonly identity: number;
  readonly verdict: number;
  readonly fingerprint: string;
  readonly expiry: number;
  readonly key: number;
  uses: number;
  first: number;
  last: number;
  /** Number of the last use, so that the newest e-mail address comes last. */
  seen: number;
}

/** Turns judged blocks into the lines of a tally (`authlog.tally/1`). */
export class TallyWriter {
  #lines: string[] = [];
  /** For each judge: what its numbers mean here, and the number of the first. */
  readonly #numbers = new Map<number, { first: number; numbers: number[] }>();
  readonly #users = new Map<string, number>();
  #count = 0;
  #open = new Map<string, Open>();
  #seen = 0;
  #totals = { lines: 0, lines_with_token: 0, lines_skipped: 0 };
  readonly #counted = new Map<string, number>();

  constructor(head: TallyHead) {
    this.#lines.push(JSON.stringify(head));
  }

  /** @param origin tells the judges apart: each numbers its identities for itself */
  add(block: JudgedBlock, origin: number): void {
    this.#totals.lines += block.lines;
    this.#totals.lines_with_token += block.linesWithToken;
    this.#totals.lines_skipped += block.linesSkipped;
    for (const { code, count } of block.notices) {
      this.#counted.set(code, (this.#counted.get(code) ?? 0) + count);
    }
    const { first, numbers } = this.#numbersOf(block, origin);
    for (let i = 0; i < block.count; i++) {
      const number = block.identities[i]!;
      this.#use(block, i, number === NO_IDENTITY ? -1 : numbers[number - first]!);
    }
    if (this.#open.size >= MOST_OPEN) this.#flush();
  }

  end(foot: Omit<TallyFoot, 'lines' | 'lines_with_token' | 'lines_skipped' | 'counted'>): void {
    this.#flush();
    const counted = Object.fromEntries(this.#counted);
    this.#push({ end: { ...this.#totals, counted, ...foot } });
  }

  /** The lines since the last call. */
  take(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    return text;
  }

  #push(line: TallyLine): void {
    this.#lines.push(JSON.stringify(line));
  }

  #use(block: JudgedBlock, at: number, identity: number): void {
    const verdict = block.verdicts[at]!;
    const fingerprint = word(block.fingerprints[at * 2]!) + word(block.fingerprints[at * 2 + 1]!);
    const expiry = block.expiries[at]!;
    const key = block.keys[at]!;
    const time = block.times[at]!;
    const uses = block.uses?.[at] ?? 1;
    const name = `${identity} ${verdict} ${fingerprint} ${expiry} ${key}`;
    const seen = this.#seen++;
    const open = this.#open.get(name);
    if (open === undefined) {
      const group = { identity, verdict, fingerprint, expiry, key, uses, first: time, last: time };
      this.#open.set(name, { ...group, seen });
      return;
    }
    open.uses += uses;
    open.seen = seen;
    // NaN, a line without a time, is neither before nor after anything.
    if (!(time >= open.first)) open.first = Number.isNaN(time) ? open.first : time;
    if (!(time <= open.last)) open.last = Number.isNaN(time) ? open.last : time;
  }

  #flush(): void {
    for (const open of [...this.#open.values()].toSorted((a, b) => a.seen - b.seen)) {
      const { identity, verdict, fingerprint, expiry, key, uses, first, last } = open;
      const group: TallyGroup = [
        identity,
        VERDICTS[verdict]!,
        fingerprint,
        orNull(expiry),
        key,
        uses,
        orNull(first),
        orNull(last),
      ];
      this.#push({ group });
    }
    this.#open = new Map();
  }

  #numbersOf(block: JudgedBlock, origin: number): { first: number; numbers: readonly number[] } {
    let known = this.#numbers.get(origin);
    if (known === undefined) {
      known = { first: 0, numbers: [] };
      this.#numbers.set(origin, known);
    }
    if (block.firstIdentity > known.first) {
      known.first = block.firstIdentity;
      known.numbers = [];
    }
    for (const identity of identitiesOf(block)) known.numbers.push(this.#numberOf(identity));
    return known;
  }

  #numberOf(identity: Identity): number {
    const { userIdType, userId, email, roles } = identity;
    const key = JSON.stringify([userKey(identity), email, roles]);
    const known = this.#users.get(key);
    if (known !== undefined) return known;
    const number = this.#count++;
    this.#users.set(key, number);
    this.#push({ user: [userIdType, userId, email, roles] });
    return number;
  }
}

const word = (bits: number): string => bits.toString(16).padStart(8, '0');

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
