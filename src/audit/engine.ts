import { VERDICT_INDEX, VERDICTS, VERIFIED, type Verdict } from '../verify/verdict.ts';
import { Audience, NO_VERDICT } from './audience.ts';
import type { AuditContext } from './context.ts';
import type { Finding } from './finding.ts';
import { Findings, inOrder } from './findings.ts';
import type { Level } from './level.ts';
import type { Notice } from './notice.ts';
import type { Detector, Rule, Sighting } from './rule.ts';
import { PreviousUses } from './previous-uses.ts';
import { RecentRequests } from './recent-requests.ts';
import { Timeline } from './timeline.ts';
import type { TokenUse, Use } from './use.ts';

/** Uses that one rule sees before the next one does: what it knows of them stays at hand. */
const BATCH = 1024;

/** A rule that is to run, with what the user has set for it. */
export interface ActiveRule {
  readonly rule: Rule;
  /** Null leaves the level to the rule. */
  readonly level: Level | null;
  readonly thresholds: Readonly<Record<string, number>>;
}

export interface EngineOptions {
  readonly rules: readonly ActiveRule[];
  readonly context: AuditContext;
  /** Milliseconds that a line may be late. */
  readonly lateness: number;
  /** Milliseconds: sightings whose last use is before this only teach the rules; NaN reports all. */
  readonly from: number;
  /** Milliseconds: so much from the first use on only teaches the rules, where `from` is NaN. */
  readonly learn: number;
}

/** What the rules found, and what they could not see to. */
export interface EngineResult {
  readonly findings: readonly Finding[];
  readonly uses: number;
  /** Rules at work, and those that lacked the context that they need. */
  readonly ran: readonly string[];
  readonly idle: readonly string[];
  readonly notices: readonly Notice[];
}

interface Running {
  readonly rule: Rule;
  readonly detector: Detector;
  readonly findings: Findings;
  bounds: number;
}

/** Any number of rules in one pass over the uses of a log, in the order of their time. */
export class Engine {
  #from: number;
  readonly #learn: number;
  readonly #timeline: Timeline;
  readonly #running: Running[] = [];
  readonly #idle: string[] = [];
  readonly #audience: Audience;
  /** Uses in the order of their time that the rules have not seen yet, and a bit for each rule that is to. */
  readonly #batch: (Use | null)[] = Array<Use | null>(BATCH).fill(null);
  #batched = 0;
  /** The use before of the token of each. */
  readonly #previous: (TokenUse | null)[] = Array<TokenUse | null>(BATCH).fill(null);
  readonly #shown: Int32Array = new Int32Array(BATCH);
  /** Rules that are to see any of them. */
  #called = 0;
  readonly #requests = new RecentRequests();
  readonly #previousUses = new PreviousUses();
  /** Uses by verdict, those without one last. */
  readonly #counts: Float64Array = new Float64Array(NO_VERDICT + 1);
  #repeated = 0;
  #sightings = 0;

  constructor({ rules, context, lateness, from, learn }: EngineOptions) {
    this.#from = from;
    this.#learn = learn;
    this.#timeline = new Timeline(lateness, (use) => this.#see(use));
    for (const { rule, level, thresholds } of rules) {
      const findings = new Findings(rule, level);
      let running: Running | null = null;
      const detector = rule.start({
        thresholds,
        context,
        report: (sighting) => this.#report(findings, sighting),
        bounded: () => {
          if (running !== null) running.bounds++;
        },
      });
      if (detector === null) {
        this.#idle.push(rule.id);
        continue;
      }
      running = { rule, detector, findings, bounds: 0 };
      this.#running.push(running);
    }
    this.#audience = new Audience(
      this.#running.map(({ rule }) => rule),
      this.#running.map(({ detector }) => detector),
    );
  }

  /** Takes the next use of a source. */
  add(use: Use): void {
    this.#timeline.add(use);
  }

  /** After the last use: what was found. */
  finish(): EngineResult {
    this.#timeline.finish();
    this.#runRules();
    for (const { detector } of this.#running) detector.end?.();
    return this.result();
  }

  /** Takes it that nothing late comes any more for what was added so far. */
  catchUp(): void {
    this.#timeline.finish();
  }

  /** Rises with all that is found. */
  get sightings(): number {
    this.#runRules();
    return this.#sightings;
  }

  /** What was found so far. */
  result(): EngineResult {
    this.#runRules();
    const findings = this.#running.flatMap((running) => [...running.findings.result()]);
    return {
      findings: findings.toSorted(inOrder),
      uses: this.#counts.reduce((sum, count) => sum + count, 0),
      ran: this.#running.map(({ rule }) => rule.id),
      idle: this.#idle,
      notices: [...this.#remarks()],
    };
  }

  #see(use: Use): void {
    if (this.#requests.isRepeated(use)) {
      this.#repeated++;
      return;
    }
    if (this.#learn > 0 && Number.isNaN(this.#from)) this.#from = use.time + this.#learn;
    const verdict = placeOf(use.verdict);
    this.#counts[verdict]!++;
    const place = this.#batched++;
    const shown = this.#audience.of(use, verdict);
    this.#batch[place] = use;
    this.#previous[place] = this.#previousUses.before(use);
    this.#shown[place] = shown;
    this.#called |= shown;
    if (this.#batched === BATCH) this.#runRules();
  }

  #runRules(): void {
    const batch = this.#batch;
    const shown = this.#shown;
    const previous = this.#previous;
    for (const [index, { detector }] of this.#running.entries()) {
      const bit = 1 << index;
      if ((this.#called & bit) === 0) continue;
      for (let i = 0; i < this.#batched; i++) {
        if ((shown[i]! & bit) !== 0) detector.see(batch[i]!, previous[i]!);
      }
    }
    this.#batched = 0;
    this.#called = 0;
  }

  #count(is: (verdict: Verdict) => boolean): number {
    return this.#counts.reduce((sum, count, i) => {
      const verdict = VERDICTS[i];
      return verdict !== undefined && is(verdict) ? sum + count : sum;
    }, 0);
  }

  #report(findings: Findings, sighting: Sighting): void {
    const last = sighting.uses.at(-1)?.time ?? Number.NaN;
    if (last < this.#from) return;
    this.#sightings++;
    findings.add(sighting);
  }

  *#remarks(): IterableIterator<Notice> {
    // As the summary: where fewer than one in ten verifies, a missing key is likelier than an attack.
    const verified = this.#count((verdict) => VERIFIED.has(verdict));
    const unknown = this.#count((verdict) => UNKNOWN_MAKER.has(verdict));
    if (unknown > 0 && verified * 9 <= unknown) {
      const all = verified + unknown;
      const message = `only ${verified} of ${all} signatures verified: is a key missing? Then most findings are no attacks`;
      yield { code: 'wrong_key', message, count: unknown };
    }
    const { late } = this.#timeline;
    if (late > 0) {
      const message = `${late} events came later than --lateness allows: what they belong to may be missed`;
      yield { code: 'late_events', message, count: late };
    }
    if (this.#repeated > 0) {
      const count = this.#repeated;
      const message = `${count} events tell of a request again (same request id and token) and were taken once`;
      yield { code: 'repeated_requests', message, count };
    }
    for (const { rule, findings, bounds } of this.#running) {
      if (bounds > 0) {
        const message = `${rule.id} met the bound of its memory ${bounds} times: it may have missed something`;
        yield { code: 'rule_bounded', message, count: bounds };
      }
      if (findings.left > 0) {
        const message = `${rule.id} found more than 1,000 subjects: ${findings.left} sightings are not listed`;
        yield { code: 'findings_bounded', message, count: findings.left };
      }
    }
  }
}

const VALID = VERDICT_INDEX.get('valid')!;

/** Where a verdict is counted; what mostly is so is soonest said. */
const placeOf = (verdict: Verdict | null): number => {
  if (verdict === 'valid') return VALID;
  return verdict === null ? NO_VERDICT : VERDICT_INDEX.get(verdict)!;
};

/** Verdicts of tokens that another key may have made. */
const UNKNOWN_MAKER: ReadonlySet<Verdict> = new Set<Verdict>([
  'bad_signature',
  'alg_not_allowed',
  'unknown_key',
]);
