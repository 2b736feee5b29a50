import { LogReader, type LogOptions } from '../../../src/ingest/log.ts';
import type { PassEnd } from '../../../src/ingest/passes.ts';
import { LOG, optionsFor } from './history.ts';
import { MemoryFiles } from './memory-files.ts';
import { CrashingStore } from './store.ts';
import { lineOf } from './world.ts';

/** Lines with tokens of their own, `from` to `to`. */
export const lines = (from: number, to: number): Buffer =>
  Buffer.from(
    Array.from({ length: to - from + 1 }, (_, i) => lineOf(100_000 + from + i, false)).join(''),
  );

/** A log in memory, and a store, for histories that are told step by step. */
export class Scripted {
  readonly files = new MemoryFiles();
  readonly store = new CrashingStore(false);

  /** One run of the program. */
  async run(more: Partial<LogOptions> = {}): Promise<PassEnd> {
    const reader = await LogReader.open(LOG, LOG, optionsFor(this.files, this.store, more));
    return await reader.pass();
  }

  /** The lines that are in the store, each as often as it is. */
  stored(): readonly number[] {
    return [...this.store.uses()]
      .flatMap(([id, count]) => Array.from({ length: count }, () => id - 100_000))
      .toSorted((a, b) => a - b);
  }
}

/** `1, 2, …, last`. */
export const upTo = (last: number): readonly number[] =>
  Array.from({ length: last }, (_, i) => i + 1);
