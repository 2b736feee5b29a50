import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { IncompleteInput } from '../../src/source/input.ts';
import type { Input, InputNotice } from '../../src/source/input.ts';
import { openInput } from '../../src/source/open.ts';
import type { OpenOptions } from '../../src/source/open.ts';

export const fileInput = (path: string): Input => ({
  path,
  kind: 'file',
  size: null,
  mtime: null,
  mode: null,
});

export const STDIN: Input = { ...fileInput('-'), kind: 'stdin' };

/** A directory that lives as long as the test. */
export const tempDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'authlog-source-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** The path of a new file that holds these bytes. */
export const written = (bytes: Uint8Array | string, name = 'a.log'): string => {
  const path = join(tempDir(), name);
  writeFileSync(path, bytes);
  return path;
};

export interface Outcome {
  readonly bytes: Buffer;
  readonly error: IncompleteInput | null;
  readonly notices: InputNotice[];
  /** The last number given to onProgress. */
  readonly rawBytes: number;
  readonly longestChunk: number;
}

/** Reads an input to its end or failure; any failure but IncompleteInput is thrown on. */
export const readAll = async (
  input: Input,
  io: Partial<OpenOptions> = {},
  keep = true,
): Promise<Outcome> => {
  const chunks: Buffer[] = [];
  const notices: InputNotice[] = [];
  let rawBytes = 0;
  let longestChunk = 0;
  let error: IncompleteInput | null = null;
  try {
    const stream = openInput(input, {
      stdin: Readable.from([]),
      onNotice: (notice) => notices.push(notice),
      onProgress: (bytes) => {
        rawBytes = bytes;
      },
      ...io,
    });
    for await (const chunk of stream) {
      longestChunk = Math.max(longestChunk, chunk.length);
      if (keep) chunks.push(Buffer.from(chunk));
    }
  } catch (thrown) {
    if (!(thrown instanceof IncompleteInput)) throw thrown;
    error = thrown;
  }
  return { bytes: Buffer.concat(chunks), error, notices, rawBytes, longestChunk };
};

/** Whether a program is on PATH; says so aloud where a test must be skipped. */
export const hasProgram = (name: string): boolean => {
  const found = spawnSync(name, ['--version'], { input: '' }).error === undefined;
  if (!found) process.stderr.write(`skipped: no program ${name} on PATH\n`);
  return found;
};

/** What a program makes of some bytes, whatever its exit status. */
export const filter = (program: string, args: readonly string[], bytes: Uint8Array): Buffer =>
  spawnSync(program, args, { input: bytes, maxBuffer: 2 ** 30 }).stdout;

/** Log-like text whose compressed form is not tiny; the same at each call. */
export const sampleLog = (lines: number): Buffer => {
  let state = 12_345;
  let text = '';
  for (let line = 0; line < lines; line++) {
    text += `2023-09-22 10:00:00,${String(line % 1000).padStart(3, '0')} - Token: `;
    for (let word = 0; word < 6; word++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      text += state.toString(36);
    }
    text += '\n';
  }
  return Buffer.from(text);
};
