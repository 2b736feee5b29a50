import { BlockDecoder, type ClientAddress } from '../audit/block-decoder.ts';
import type { Use } from '../audit/use.ts';
import { MovingExpiry } from '../summarize/moving-expiry.ts';
import { Tally } from '../summarize/tally.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { Taker } from './growing.ts';
import type { LiveAudit } from './live-audit.ts';

/** Tokens that nobody needs to be told of: good, or said to be unchecked, or not to be judged at all. */
const UNREMARKABLE: ReadonlySet<Verdict> = new Set<Verdict>([
  'valid',
  'unverified',
  'masked',
  'encrypted',
]);
const MOST_REJECTIONS = 200;

/** What the tally of a followed log needs to know. */
export interface LiveTallyOptions {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly zone: string;
  readonly maxUsers: number;
  readonly keys: number;
  readonly keysExpire: boolean;
  /** Judges of one source. */
  readonly judges: number;
  readonly clientAddress: ClientAddress | null;
}

/** Numbers that can be looked at at any time, while blocks go on to come. */
export class LiveTally {
  readonly tally: Tally;
  readonly expiry: MovingExpiry;
  readonly #judges: number;
  readonly #decoder: BlockDecoder;
  readonly #rejections: Use[] = [];

  constructor(options: LiveTallyOptions) {
    const { now, zone, clientAddress, judges } = options;
    this.expiry = new MovingExpiry(now, zone);
    this.tally = new Tally({ ...options, bytes: null, kernel: null, expiry: this.expiry });
    this.#judges = judges;
    this.#decoder = new BlockDecoder(null, clientAddress);
  }

  /** Tokens that were refused, or ought to be, the newest last. */
  get rejections(): readonly Use[] {
    return this.#rejections;
  }

  /** Brings what depends on the present up to `now` in seconds. */
  moveTo(now: number): void {
    this.expiry.moveTo(now, this.tally.users);
  }

  /** The end of the source number `lane`, from 0; `audit` runs the rules over it. */
  taker(lane: number, audit: LiveAudit | null): Taker {
    const first = lane * this.#judges;
    return {
      startOver: () => {
        for (let origin = first; origin < first + this.#judges; origin++) {
          this.tally.startOver(origin);
          this.#decoder.startOver(origin);
        }
      },
      take: ({ judged, origin }, place) => {
        this.tally.add(judged, first + origin);
        if (judged.audit === undefined && judged.events === null) return;
        const uses = this.#decoder.uses(judged, first + origin, place);
        for (const use of uses) this.#note(use);
        audit?.add(lane, uses);
      },
      flush: () => audit?.flush(lane) ?? Promise.resolve(),
    };
  }

  #note(use: Use): void {
    if (use.verdict === null || UNREMARKABLE.has(use.verdict)) return;
    this.#rejections.push(use);
    if (this.#rejections.length > MOST_REJECTIONS) this.#rejections.shift();
  }
}
