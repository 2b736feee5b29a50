import { AuthlogError } from '../../errors.ts';
import { systemReason } from '../../source/system-error.ts';

const LOCK = /Could not set lock on file/;
const HOLDER = /\(PID (\d{1,10})\)/;
const NO_DATABASE = /not a valid DuckDB database file/;
const NEWER = /database file with version number|newer version of DuckDB/;

/** Another process has the file open; the id of that process where DuckDB tells it. */
export const lockHolder = (error: unknown): { readonly pid: number | null } | null => {
  if (!(error instanceof Error) || !LOCK.test(error.message)) return null;
  const pid = HOLDER.exec(error.message)?.[1];
  return { pid: pid === undefined ? null : Number(pid) };
};

/** That the store stayed in use for as long as it was waited for, exit 75. */
export const locked = (path: string, pid: number | null): AuthlogError => {
  const who =
    pid === process.pid ? 'this process' : pid === null ? 'another process' : `process ${pid}`;
  return new AuthlogError(
    'LOCKED',
    `${who} holds ${path}`,
    'Try again later: one process at a time writes to a history.',
  );
};

/** What DuckDB reports, as one sentence of ours; `doing` decides between INPUT and OUTPUT. */
export const storeFailure = (
  error: unknown,
  path: string,
  doing: 'read' | 'write',
): AuthlogError => {
  if (error instanceof AuthlogError) return error;
  const text = error instanceof Error ? error.message : '';
  if (NO_DATABASE.test(text)) {
    const hint = 'Name a history, or a file that does not exist yet; this one was left as it is.';
    return new AuthlogError('USAGE', `${path} is not a DuckDB database`, hint);
  }
  if (NEWER.test(text)) {
    const hint = 'Update authlog and @duckdb/node-api.';
    return new AuthlogError('USAGE', `${path} was written by a newer DuckDB`, hint);
  }
  const code = doing === 'read' ? 'INPUT' : 'OUTPUT';
  return new AuthlogError(code, `cannot ${doing} ${path}: ${reasonOf(error, text)}`);
};

/** The system's reason where there is one, else the first line of DuckDB's. */
const reasonOf = (error: unknown, text: string): string => {
  if (error instanceof Error && 'errno' in error) return systemReason(error);
  if (/No space left on device|not enough (?:disk )?space|ENOSPC/i.test(text)) {
    return 'no space left on device';
  }
  const known =
    /(?:Permission denied|No such file or directory|Read-only file system|Is a directory)/;
  const reason = known.exec(text)?.[0].toLowerCase();
  return reason ?? (printable(text.split('\n')[0] ?? '') || 'unknown error');
};

const printable = (text: string): string => text.replace(/[^ -~]/g, '?').slice(0, 200);
