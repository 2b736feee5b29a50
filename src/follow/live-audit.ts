import type { AuditContext } from '../audit/context.ts';
import { Engine, type EngineOptions, type EngineResult } from '../audit/engine.ts';
import type { Finding } from '../audit/finding.ts';
import { inBatches, mergeUses } from '../audit/merge.ts';
import type { Use } from '../audit/use.ts';
import type { Growing, Turn } from './growing.ts';

type Hand = (uses: readonly Use[]) => Promise<void>;

/** The rules at work on sources that grow; what several of them tell in one round is put in the order of its time. */
export class LiveAudit {
  readonly #engine: Engine;
  readonly #files: { readonly path: string; readonly mode: number | null }[] = [];
  readonly #waiting: Use[][] = [];
  readonly #hands: (Hand | undefined)[] = [];
  #known = -1;
  #findings: readonly Finding[] = [];

  constructor(options: Omit<EngineOptions, 'context'>, context: AuditContext) {
    this.#engine = new Engine({ ...options, context: { ...context, files: this.#files } });
  }

  /** Takes what the source number `lane` tells, until it is flushed. */
  add(lane: number, uses: readonly Use[]): void {
    const waiting = (this.#waiting[lane] ??= []);
    for (const use of uses) waiting.push(use);
  }

  /** Hands on what the source has told; waits while the others are behind. */
  async flush(lane: number): Promise<void> {
    const uses = this.#waiting[lane] ?? [];
    this.#waiting[lane] = [];
    await this.#hands[lane]?.(uses);
  }

  /** A turn of all sources side by side. */
  async round(sources: readonly Growing[]): Promise<readonly Turn[]> {
    const turns: Turn[] = [];
    const lanes = sources.map((source, lane) =>
      inBatches(async (hand) => {
        this.#hands[lane] = hand;
        turns[lane] = await source.turn();
      }),
    );
    await mergeUses(lanes, (use) => this.#engine.add(use));
    return turns;
  }

  /** Late lines are waited for no longer. */
  catchUp(): void {
    this.#engine.catchUp();
  }

  /** What was found so far. */
  findings(): readonly Finding[] {
    if (this.#engine.sightings !== this.#known) {
      this.#known = this.#engine.sightings;
      this.#findings = this.#engine.result().findings;
    }
    return this.#findings;
  }

  /** The same with what only the state of the rules tells; nothing ends by that. */
  result(): EngineResult {
    return this.#engine.result();
  }

  /** @param files plain logs, for the rules about tokens that lie around */
  finish(files: readonly { readonly path: string; readonly mode: number | null }[]): EngineResult {
    this.#files.push(...files);
    return this.#engine.finish();
  }
}
