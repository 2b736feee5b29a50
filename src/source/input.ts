/** One thing to read, as `resolveInputs` found it. */
export interface Input {
  /** As the user named it, or as the glob or directory gave it; `-` for stdin; a store's URL without password. */
  readonly path: string;
  readonly kind: 'file' | 'stdin' | 'store';
  /** Of a store. */
  readonly url?: string;
  /** Bytes on disk at the start, null where it cannot be known (a pipe). */
  readonly size: number | null;
  /** Milliseconds, null where it cannot be known. */
  readonly mtime: number | null;
  /** Permission bits, null where there are none. */
  readonly mode: number | null;
}

/** A store of events, and no bytes to read. */
export const isStore = ({ kind }: Input): boolean => kind === 'store';

/** Why an input could not be read to its end; the summary's `incomplete` lists these. */
export interface Incomplete {
  readonly path: string;
  /** `unreadable`, `truncated`, `corrupt`, `unsupported`, `changed`. */
  readonly reason: IncompleteReason;
  /** One sentence without a final stop, with the next step where there is one. */
  readonly detail: string;
}

export type IncompleteReason = 'unreadable' | 'truncated' | 'corrupt' | 'unsupported' | 'changed';

/** Thrown inside a source's stream after everything recoverable was yielded. */
export class IncompleteInput extends Error {
  readonly reason: IncompleteReason;

  constructor(reason: IncompleteReason, detail: string) {
    super(detail);
    this.name = 'IncompleteInput';
    this.reason = reason;
  }
}

/** Something odd about a whole input that does not make it incomplete. */
export interface InputNotice {
  readonly code: string;
  readonly message: string;
}
