/** What a rule is in Sigma 2.1 over the lines of `authlog events`, null and a reason where it can't be said. */
export type SigmaPart =
  | { readonly none: string }
  | { readonly detection: SigmaDetection; readonly correlation?: SigmaCorrelation };

/** Named selections and the condition over them (Sigma 2.1, `detection`). */
export interface SigmaDetection {
  readonly condition: string;
  readonly [selection: string]: SigmaSelection | readonly SigmaSelection[] | string;
}

/** Fields with modifiers (`expired_by_s|gt`) and what they must be. */
export type SigmaSelection = Readonly<Record<string, SigmaValue | readonly SigmaValue[]>>;

export type SigmaValue = string | number | boolean | null;

/** Over the events that the detection finds (Sigma 2.1, `correlation`); numbers may name a threshold. */
export interface SigmaCorrelation {
  readonly type: 'event_count' | 'value_count';
  readonly groupBy: readonly string[];
  /** Name of the threshold that holds the span of time. */
  readonly timespan: string;
  /** Name of the threshold that must be reached. */
  readonly gte: string;
  /** The counted field of `value_count`. */
  readonly field?: string;
}
