import { readSpellings } from '../kernel/spelling.ts';
import type { FreshIdentities } from '../verify/identities.ts';
import type { Identity } from '../verify/identity.ts';
import type { ColumnViews } from './columns.ts';
import type { UseColumns } from './uses.ts';

/** A remark that `count` lines or tokens of a block gave rise to. */
export interface BlockNotice {
  readonly code: string;
  readonly count: number;
}

/**
 * What a block says, in columns: one entry per token occurrence, in the order of the log.
 * Plain data without keys, or tokens but for what claims hold, so that a worker thread can hand it
 * over. The columns lie in the memory of the block, which nobody needs any more.
 */
export interface JudgedBlock extends ColumnViews, FreshIdentities {
  readonly lines: number;
  readonly linesWithToken: number;
  readonly linesSkipped: number;
  readonly count: number;
  /** How many uses each entry stands for, where a store has grouped them; absent: one each. */
  readonly uses?: Float64Array;
  readonly notices: readonly BlockNotice[];
  /** Lines of events (NDJSON), null where none were asked for. */
  readonly events: Uint8Array | null;
  /** What the audit looks at; absent where nobody asked. */
  readonly audit?: UseColumns;
}

/** Who was not numbered before: they carry the judge's next numbers, from 0 on. */
export const identitiesOf = ({
  newSpellings,
  newIdentities,
}: FreshIdentities): readonly Identity[] =>
  newSpellings.count === 0 ? newIdentities : [...readSpellings(newSpellings), ...newIdentities];

/** Where a block comes from, as evidence names it: its source, and the number of its first line there, from 1. */
export interface BlockPlace {
  readonly path: string;
  readonly firstLine: number;
}

export const NO_IDENTITY = 0xffffffff;
