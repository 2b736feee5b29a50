import type { Link } from './chain.ts';

export type FindingKind =
  | 'edited'
  | 'inserted'
  | 'moved'
  | 'missing'
  | 'unlinked'
  | 'unchained'
  | 'begins_late'
  | 'truncated';

/** The first thing that is wrong with a chained log. */
export interface Finding {
  readonly kind: FindingKind;
  readonly file: string | null;
  /** From 1; null where no line is to blame. */
  readonly line: number | null;
  /** Number of the record in its chain, as far as that is known. */
  readonly record: number | null;
  readonly message: string;
}

/** Lines that do not continue the chain, from the first of them on. */
export interface Suspicion {
  /** The line to blame. */
  file: string;
  line: number;
  /** It is what is left of a record whose writing was cut short. */
  isFragment: boolean;
  /** It is an event, whole, without a hash. */
  isUnchained: boolean;
  /** Lines that are no link of any chain. */
  bad: number;
  fragments: number;
  /** The last line has a line break. */
  isEnded: boolean;
  /** The first whole link that does not continue the chain. */
  stray: Link | null;
}

/** Names what happened where the chain goes on behind lines that are none of it. */
export const insertedFinding = (found: Suspicion, head: Head): Finding => {
  const { stray, file, line } = found;
  const expected = head.seq + 1;
  if (found.bad === 0 && stray !== null && stray.writer === head.writer && stray.seq > expected) {
    const message = `record ${stray.seq} was moved: it stands before record ${expected}`;
    return { kind: 'moved', file, line, record: stray.seq, message };
  }
  return { kind: 'inserted', file, line, record: null, message: `line ${line} was inserted` };
};

/** The record that the chain has come to. */
export interface Head {
  /** Null before the first record of a log. */
  readonly writer: string | null;
  readonly seq: number;
  readonly hash: string | null;
}

/** Names what happened where nothing continues the chain any more. */
export const brokenFinding = (found: Suspicion, head: Head): Finding => {
  const { stray, file, line } = found;
  if (found.isUnchained && found.bad > 0) {
    const message = `line ${line} has no hash: it was not written as part of a chain`;
    return { kind: 'unchained', file, line, record: null, message };
  }
  if (found.bad > 0) {
    const record = head.writer === null && stray !== null ? stray.seq - found.bad : head.seq + 1;
    const how = found.isFragment ? 'cut short or edited' : 'edited';
    // Behind the last record nothing tells one from the other.
    const or = stray === null ? `, or line ${line} was inserted` : '';
    const message = `record ${Math.max(1, record)} was ${how}${or}`;
    return { kind: 'edited', file, line, record: Math.max(1, record), message };
  }
  return strayFinding(stray!, file, line, head);
};

const strayFinding = (stray: Link, file: string, line: number, head: Head): Finding => {
  const missing = stray.seq - head.seq - 1;
  const at = { file, line, record: stray.seq };
  if (head.writer === null && missing > 0) {
    const message = `the log begins in the middle of a chain: ${records(missing)} missing or in another file`;
    return { kind: 'begins_late', ...at, message };
  }
  if (head.writer !== null && stray.writer !== head.writer) {
    if (stray.prev === null || line > 1) return inserted(at);
    const message = 'the records of another chain begin here, and its first ones are missing';
    return { kind: 'missing', ...at, message };
  }
  if (missing > 0) {
    const message = `${records(missing)} missing before line ${line}`;
    return { kind: 'missing', ...at, message };
  }
  if (missing < 0 || head.writer === null) return inserted(at);
  const message =
    `record ${stray.seq} does not follow from record ${head.seq}: ` +
    `record ${head.seq} was edited and its hash made anew, or what follows it was replaced`;
  return { kind: 'unlinked', ...at, message };
};

const inserted = (at: Pick<Finding, 'file' | 'line' | 'record'>): Finding => ({
  kind: 'inserted',
  ...at,
  message: `line ${at.line} was inserted`,
});

const records = (count: number): string => (count === 1 ? '1 record is' : `${count} records are`);
