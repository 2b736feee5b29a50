import { readLink, type Link } from './chain.ts';
import {
  brokenFinding,
  insertedFinding,
  type Finding,
  type Head,
  type Suspicion,
} from './finding.ts';
import type { Line } from './line-splitter.ts';
import { beginsAsEvent, isFragment } from './own-lines.ts';

/** Lines that are read beyond a suspicious one to tell an insertion from other changes. */
const LOOKAHEAD = 100_000;

/** Follows the chain through the lines of a log, oldest first, up to the first thing that is wrong. */
export class ChainCheck {
  /** What is wrong; nothing is read after it. */
  finding: Finding | null = null;
  records = 0;
  chains = 0;
  /** Records whose writing was cut short: no harm, they never counted as recorded. */
  tornLines = 0;
  firstTime: string | null = null;
  #head: Head;
  #suspicion: Suspicion | null = null;
  #suspects = 0;
  #file = '';
  #line = 0;
  /** The file held nothing but fragments so far: a new chain may begin. */
  #isFresh = true;
  #last: Buffer | null = null;
  readonly #after: string | null;
  readonly #onHash: (hash: string) => void;

  /** @param after hash of the record before the first, where the log is known to go on from there */
  constructor(after: string | null, onHash: (hash: string) => void) {
    this.#after = after;
    this.#head = { writer: null, seq: 0, hash: after };
    this.#onHash = onHash;
  }

  get head(): Head {
    return this.#head;
  }

  get lastTime(): string | null {
    return this.#last === null ? null : timeOf(this.#last);
  }

  beginFile(file: string): void {
    this.#file = file;
    this.#line = 0;
    this.#isFresh = true;
  }

  add({ bytes, isCut, isEnded }: Line): void {
    this.#line += 1;
    const link = isCut ? null : readLink(bytes);
    const whole = link?.isIntact === true ? link : null;
    if (whole !== null && isFirst(whole) && this.#isFresh && this.#hasBefore()) {
      // What is wrong with the end of the file before is wrong, whatever begins here.
      this.end();
      if (this.finding !== null) return;
      this.#head = { writer: null, seq: 0, hash: null };
    }
    const fragment = whole === null && !isCut && isFragment(bytes) && !hasHash(bytes);
    if (!fragment) this.#isFresh = false;
    if (whole !== null && this.#continues(whole)) this.#accept(whole, bytes);
    else this.#suspect(whole, bytes, fragment, isEnded);
  }

  /** The log ends here: what is suspicious yet will not clear up. */
  end(): void {
    const found = this.#suspicion;
    this.#suspicion = null;
    this.#suspects = 0;
    if (found === null) return;
    // The process was killed while it wrote, or the machine stopped.
    if (found.fragments === found.bad && found.stray === null && !found.isEnded) {
      this.tornLines += found.bad;
    } else {
      this.finding = brokenFinding(found, this.#head);
    }
  }

  /** There are records, or what should be such, in files before this one. */
  #hasBefore(): boolean {
    return this.#head.writer !== null || (this.#suspicion?.file ?? this.#file) !== this.#file;
  }

  #continues({ writer, seq, prev }: Link): boolean {
    const head = this.#head;
    if (prev !== head.hash) return false;
    if (head.writer === null) return this.#after === null || prev === null ? seq === 1 : true;
    return writer === head.writer && seq === head.seq + 1;
  }

  #accept(link: Link, bytes: Buffer): void {
    const found = this.#suspicion;
    if (found !== null) {
      if (found.fragments !== found.bad || found.stray !== null) {
        this.finding = insertedFinding(found, this.#head);
        return;
      }
      this.tornLines += found.bad;
      this.#suspicion = null;
      this.#suspects = 0;
    }
    if (this.#head.writer === null) this.chains += 1;
    if (this.records === 0) this.firstTime = timeOf(bytes);
    this.records += 1;
    this.#last = bytes;
    this.#head = link;
    this.#onHash(link.hash);
  }

  #suspect(whole: Link | null, bytes: Buffer, fragment: boolean, isEnded: boolean): void {
    const found = (this.#suspicion ??= this.#blank());
    found.isEnded = isEnded;
    if (whole !== null) found.stray ??= whole;
    else if (found.stray === null) {
      const isFirstBad = found.bad === 0;
      // A fragment that is followed by the rest of it was a record, split in two.
      if (isFirstBad || (found.isFragment && beginsAsEvent(bytes) && !fragment)) {
        found.file = this.#file;
        found.line = this.#line;
        found.isFragment = fragment;
        found.isUnchained = !fragment && beginsAsEvent(bytes) && !hasHash(bytes);
      }
      found.bad += 1;
      if (fragment) found.fragments += 1;
    }
    this.#suspects += 1;
    if (this.#suspects >= LOOKAHEAD) this.end();
  }

  #blank(): Suspicion {
    return {
      file: this.#file,
      line: this.#line,
      isFragment: false,
      isUnchained: false,
      bad: 0,
      fragments: 0,
      isEnded: true,
      stray: null,
    };
  }
}

const isFirst = ({ seq, prev }: Link): boolean => seq === 1 && prev === null;

/** A whole hash member: what was cut short has none, or ends with it. */
const hasHash = (bytes: Buffer): boolean => /,"hash":"[\w-]{43}"\}/.test(bytes.toString('latin1'));

const timeOf = (bytes: Buffer): string | null =>
  /,"time":"([^"]{1,40})"/.exec(bytes.toString('latin1', 0, 512))?.[1] ?? null;
