import { getSystemErrorMap } from 'node:util';

/** The system's words for a failed call, such as `no such file or directory`. */
export const systemReason = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown error';
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  return getSystemErrorMap().get(errno)?.[1] ?? codeOf(error) ?? error.message;
};

/** The system's code for a failed call, such as `ENOENT`. */
export const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
