import { planOf, type ReadOptions } from './analyze.ts';
import { BlockDecoder, withClient, type ClientAddress } from './audit/block-decoder.ts';
import type { AuditContext } from './audit/context.ts';
import { Engine, type ActiveRule, type EngineResult } from './audit/engine.ts';
import { useOfEvent } from './audit/from-event.ts';
import { inBatches, mergeUses, type UseSource } from './audit/merge.ts';
import type { Plan } from './jobs.ts';
import { Samples } from './judge/sampler.ts';
import {
  knownBytes,
  newPool,
  readAndJudge,
  type ReadInput,
  type SharedJudges,
} from './pipeline.ts';
import { isStore, type Incomplete, type Input } from './source/input.ts';
import type { ActivityTally } from './summarize/activity.ts';
import type { Verdict } from './verify/verdict.ts';
import type { TokenSample, WeakSecret } from './weak/weak-secret.ts';

/** What an audit does beyond reading. Spans and times in milliseconds. */
export interface AuditOptions extends ReadOptions {
  readonly rules: readonly ActiveRule[];
  readonly context: AuditContext;
  /** How much later than others a line may come and still be put in its place. */
  readonly lateness: number;
  /** So much before `since`, else from the first use on, only teaches the rules; 0 for nothing. */
  readonly learn: number;
  /** The client of a way (`client, proxy, proxy`), null where only proxies are known. */
  readonly clientAddress: ClientAddress | null;
  /** Counts verdicts over time too. */
  readonly activity?: ActivityTally | null;
  /** Looks for weak secrets by the tokens sampled; null does not look. */
  readonly findWeakSecrets:
    | ((samples: readonly TokenSample[]) => Promise<readonly WeakSecret[]>)
    | null;
}

/** What the rules found in what was read. */
export interface AuditResult extends EngineResult {
  readonly read: readonly ReadInput[];
  readonly incomplete: readonly Incomplete[];
  readonly remarks: readonly { readonly code: string; readonly message: string }[];
}

/** Sources that are read side by side; where there are more, each reads several one after the other. */
const MOST_SOURCES = 32;

/** Reads logs and stores, each once, and runs the rules over what happened, in the order of its time. */
export const audit = async (options: AuditOptions): Promise<AuditResult> => {
  const weakSecrets: WeakSecret[] = [...options.context.weakSecrets];
  const files: { path: string; mode: number | null }[] = [];
  const context = { ...options.context, weakSecrets, files };
  const { rules, lateness, learn, since = null, activity = null } = options;
  const from = since ?? Number.NaN;
  const engine = new Engine({ rules, context, lateness, from, learn });
  const reading = new Reading(since === null ? options : { ...options, since: since - learn });
  try {
    await mergeUses(reading.sources(), (use) => {
      engine.add(use);
      // What only teaches the rules is no part of the report.
      if (use.verdict !== null && !(use.time < from)) activity?.see(use.time, use.verdict);
    });
  } finally {
    await reading.close();
  }
  weakSecrets.push(...((await options.findWeakSecrets?.(reading.samples.all())) ?? []));
  const result = reading.result();
  const recorded = new Set(result.read.filter((input) => input.recorded).map(({ path }) => path));
  // Files of events hold no tokens.
  const logs = options.inputs.filter(({ kind, path }) => kind === 'file' && !recorded.has(path));
  files.push(...logs.map(({ path, mode }) => ({ path, mode })));
  return { ...engine.finish(), ...result };
};

/** Opens the sources of an audit and keeps what became of them. */
class Reading {
  readonly samples: Samples = new Samples();
  readonly #options: AuditOptions;
  readonly #plan: Plan;
  readonly #decoder: BlockDecoder;
  readonly #judges: SharedJudges;
  readonly #read: ReadInput[] = [];
  readonly #incomplete: Incomplete[] = [];
  readonly #remarks: { readonly code: string; readonly message: string }[] = [];

  constructor(options: AuditOptions) {
    this.#options = options;
    const { clientAddress } = options;
    const { judge, ...plan } = planOf(options, 'audit');
    // Only where there are proxies is the way of a request worth reading.
    this.#plan = { ...plan, judge: { ...judge, forwarded: clientAddress !== null } };
    this.#decoder = new BlockDecoder(this.samples, clientAddress);
    this.#judges = {
      pool: newPool(this.#plan, knownBytes(plan.inputs)),
      onJudged: ({ judged, origin }) => this.#decoder.take(judged, origin),
    };
  }

  sources(): readonly UseSource[] {
    return [
      ...grouped(this.#plan.inputs).map((inputs) => this.#log(inputs)),
      ...this.#options.inputs.filter(isStore).map((input) => this.#store(input)),
    ];
  }

  /** Ends the judges, whether or not all was read. */
  close(): Promise<void> {
    return this.#judges.pool.close();
  }

  result(): Pick<AuditResult, 'read' | 'incomplete' | 'remarks'> {
    // Sources that are read side by side end in any order.
    const order = new Map(this.#options.inputs.map(({ path }, index) => [path, index]));
    const byInput = (a: { path: string }, b: { path: string }): number =>
      (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0);
    const read = this.#read.toSorted(byInput);
    return { read, incomplete: this.#incomplete.toSorted(byInput), remarks: this.#remarks };
  }

  #log(inputs: readonly Input[]): UseSource {
    return inBatches(async (hand) => {
      const result = await readAndJudge(
        { ...this.#plan, inputs },
        (judged, origin, place) => hand(this.#decoder.uses(judged, origin, place)),
        this.#judges,
      );
      this.#read.push(...result.read);
      this.#incomplete.push(...result.incomplete);
      this.#remarks.push(...result.notices);
    });
  }

  #store(input: Input): UseSource {
    const { since = null, until = null, clientAddress, rules } = this.#options;
    const verdicts = verdictsOf(rules);
    const filter = { since, until, ...(verdicts !== null && { verdicts }) };
    return inBatches(async (hand) => {
      const { readHistory } = await import('./history.ts');
      const { lines, incomplete } = await readHistory(input, filter, (events) =>
        hand(events.map((event) => withClient(useOfEvent(event), clientAddress))),
      );
      this.#incomplete.push(...incomplete);
      this.#read.push({ path: input.path, bytes: 0, lines, recorded: true });
    });
  }
}

/** The verdicts that the rules look at; null where one looks at all events. */
const verdictsOf = (rules: readonly ActiveRule[]): readonly Verdict[] | null => {
  const all = rules.map(({ rule }) => rule.verdicts);
  return all.includes(null) ? null : [...new Set(all.flatMap((verdicts) => verdicts ?? []))];
};

/** As many groups of neighbours as may be open together. */
const grouped = (inputs: readonly Input[]): readonly (readonly Input[])[] => {
  const size = Math.max(1, Math.ceil(inputs.length / MOST_SOURCES));
  const groups: Input[][] = [];
  for (let at = 0; at < inputs.length; at += size) groups.push(inputs.slice(at, at + size));
  return groups;
};
