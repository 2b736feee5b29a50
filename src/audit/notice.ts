/** A remark on an audit as a whole. */
export interface Notice {
  /** A word that a script can switch on. */
  readonly code: string;
  readonly message: string;
  readonly count: number;
}
