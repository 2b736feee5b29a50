import { createHash, randomBytes } from 'node:crypto';
import { AuthlogError } from '../errors.ts';

/** The SHA-256 of the bytes before a position (of all of them, or the last 4096), base64url, cut short. */
export interface Mark {
  readonly at: number;
  readonly hash: string;
}

/** A file as it lies on disk; texts, because numbers of a file system go beyond 2^53. */
export interface FileId {
  readonly dev: string;
  readonly ino: string;
  readonly size: number;
  /** Nanoseconds. */
  readonly mtime: string;
}

/** One file from its first line to the last, whatever it is named meanwhile, compressed or not. */
export interface Generation {
  /** Random, made when it is first read: events get their ids from it. */
  readonly id: string;
  /** Bytes of text that are in the store; text is uncompressed and without byte-order mark. */
  readonly offset: number;
  readonly lines: number;
  /** A file of events, whose verdicts stand. */
  readonly recorded: boolean;
  /** What the text must hold for a file to be this one; ascending, and one of them may lie beyond `offset`. */
  readonly marks: readonly Mark[];
  /** Length and end of a copy that somebody was making when the file was last read. */
  readonly copied: Mark | null;
  /** Rotated, and read to its end: it may be deleted. */
  readonly done: boolean;
  /** As it was last seen. */
  readonly file: FileId;
}

/** How far a log was read: what a checkpoint holds. */
export interface LogState {
  /** What the settings were that make a line an event. */
  readonly config: Config;
  /** The oldest first. */
  readonly generations: readonly Generation[];
}

/** Settings, and the keys by their names. */
export interface Config {
  readonly settings: string;
  readonly keys: readonly string[];
}

export const STATE_SCHEMA = 'authlog.ingest-state/1';
const SCHEMA = /^authlog\.ingest-state\/(\d+)$/;
const SUM_LENGTH = 22;
const ID_BYTES = 12;

/** A file that was never read. */
export const newGeneration = (file: FileId): Generation => ({
  id: randomBytes(ID_BYTES).toString('base64url'),
  offset: 0,
  lines: 0,
  recorded: false,
  marks: [],
  copied: null,
  done: false,
  file,
});

/** Size and time tell a file again that nobody writes to; of the others they would change all the time. */
export const withoutSize = (known: Generation): Generation =>
  known.done ? known : { ...known, file: { ...known.file, size: 0, mtime: '0' } };

/** The state of one source as text, with a checksum over all of it. */
export const encodeState = (source: string, state: LogState): string => {
  const body = { schema: STATE_SCHEMA, source, ...state };
  return JSON.stringify({ ...body, sum: sumOf(body) });
};

/** Throws USAGE for a state that is damaged, of another source or from a newer version: to start anew would count twice. */
export const decodeState = (source: string, text: string): LogState => {
  const value = parse(text);
  const version = SCHEMA.exec(String(value?.['schema']))?.[1];
  if (version !== undefined && version !== '1') {
    throw unusable(source, 'was written by a newer authlog', 'Update authlog.');
  }
  const { sum, ...body } = value ?? {};
  if (version === undefined || sum !== sumOf(body)) throw unusable(source, 'is damaged', AGAIN);
  if (body['source'] !== source) throw unusable(source, 'belongs to another log', AGAIN);
  const { config, generations } = body as unknown as LogState;
  return { config, generations };
};

const AGAIN =
  'Restore the store from a backup, or read everything on disk again with --reset-state: events of files that are still there are then in the store twice.';

const unusable = (source: string, what: string, hint: string): AuthlogError =>
  new AuthlogError('USAGE', `the checkpoint of ${source} ${what}`, hint);

const parse = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

const sumOf = (body: object): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, SUM_LENGTH);
