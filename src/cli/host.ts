import type { Readable } from 'node:stream';
import type { WriteStream } from 'node:tty';

/** An output stream, a terminal or not. */
export type Output = NodeJS.WritableStream &
  Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows' | 'writableNeedDrain'>>;

/** The slice of `process` that the program uses; tests pass their own. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly fd?: number };
  readonly stdout: Output;
  readonly stderr: Output;
  cwd(): string;
}
