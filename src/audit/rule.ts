import type { AuthEvent } from '../event/event.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { AuditContext } from './context.ts';
import type { Level } from './level.ts';
import type { SigmaPart } from './sigma.ts';
import type { Proof, TokenUse, Use } from './use.ts';

/** A number that the user may set. Spans of time are in seconds. */
export interface Threshold {
  readonly value: number;
  readonly unit: 'count' | 'seconds' | 'km/h';
  /** What it bounds, as the end of a sentence: `distinct tokens from one address`. */
  readonly means: string;
}

export type Thresholds = Readonly<Record<string, Threshold>>;

/** What makes a finding, or adds to one: sightings of one rule with one subject are one finding. */
export interface Sighting {
  /** What the finding is about, for the machine: a `userKey`, an address, a `token_id`. */
  readonly subject: string;
  readonly level: Level;
  /** The uses that prove it, in the order of time. */
  readonly uses: readonly Proof[];
  /** Occurrences that it adds to the finding's count; default: the number of uses. */
  readonly count?: number;
  /** One sentence with the values that crossed the threshold; text of the log in it is escaped later. */
  readonly why: string;
}

/** What a rule is given when it starts. */
export interface Setup<T extends Thresholds = Thresholds> {
  readonly thresholds: { readonly [name in keyof T]: number };
  readonly context: AuditContext;
  readonly report: (sighting: Sighting) => void;
  /** State was given up because a bound was met: what is found may be less than there is. */
  readonly bounded: () => void;
}

/** A rule at work: sees uses in the order of their time. */
export interface Detector {
  /** @param previous the valid use of the same token before this one, where both are and it is remembered (`PreviousUses`) */
  see(use: Use, previous: TokenUse | null): void;
  /** Whether a use of this token with this verdict can matter, whatever else it is; default: it can. Asked seldom. */
  readonly concerns?: (use: TokenUse) => boolean;
  /** After the last use. */
  end?(): void;
}

/** An event with what it needs to differ in; `at` is seconds after the example's start, null for no time. */
export type ExampleEvent = Partial<Omit<AuthEvent, 'time'>> & { readonly at?: number | null };

/** A little history, and whether the rule must find something in it. */
export interface Example {
  readonly says: string;
  readonly events: readonly ExampleEvent[];
  readonly context?: Partial<AuditContext>;
  /** Of a hit: the highest level among its findings, and what their counts come to, where that matters. */
  readonly level?: Level;
  readonly count?: number;
}

/** A detection with all that a person needs to know of it, and its own evidence. */
export interface Rule<T extends Thresholds = Thresholds> {
  readonly id: `AL${string}`;
  /** In a few letters: `alg-none`. */
  readonly name: string;
  readonly title: string;
  /** What it usually reports. */
  readonly level: Level;
  /** ATT&CK v19 techniques. */
  readonly attack: readonly string[];
  /** When it reports, in one or two sentences. */
  readonly condition: string;
  readonly meaning: string;
  readonly action: string;
  readonly falsePositives: readonly string[];
  readonly thresholds: T;
  /** The same in Sigma, or why Sigma can't say it. */
  readonly sigma: SigmaPart;
  /** The verdicts that it looks at; null: all events, those without a token too. */
  readonly verdicts: readonly Verdict[] | null;
  /**
   * Which of these uses it needs to be shown; default: all. `news`: no verified token again that was used alike a moment
   * ago (`Audience`); `events`: only those with an event that it names.
   */
  readonly needs?: 'news' | 'events';
  /** Names of events that it needs to be shown whatever `needs` says. */
  readonly events?: readonly string[];
  /** Null where the context that it needs was not given. */
  start(setup: Setup<T>): Detector | null;
  readonly hits: readonly Example[];
  readonly misses: readonly Example[];
}

/** Keeps the names of a rule's own thresholds known to its `start`. */
export const defineRule = <const T extends Thresholds>(rule: Rule<T>): Rule => rule;
