import type { Block } from '../source/block.ts';

/** A block and where it comes from. */
export interface BlockJob extends Origin {
  readonly block: Block;
  /** Where the columns may lie; absent: over the block, which nobody needs any more. */
  readonly memory?: ArrayBuffer;
}

/** Where a block comes from. */
export interface Origin {
  readonly path: string;
  /** Milliseconds: dates without a year lie before this. */
  readonly reference: number;
  /** The present in milliseconds, where it has gone on since the configuration. */
  readonly now?: number;
  /** Number of the block's first line, from 1; used by events only. */
  readonly firstLine: number;
  /** The source is a file of events, whose verdicts stand. */
  readonly recorded: boolean;
  /** Columns are enough, whatever the configuration asks for. */
  readonly plain?: boolean;
}
