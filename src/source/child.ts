import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';
import { IncompleteInput } from './input.ts';
import type { InputNotice } from './input.ts';
import { codeOf, systemReason } from './system-error.ts';

const STDERR_KEPT = 2048;
const CUT_OFF = /unexpected end|ends? unexpectedly|premature/i;

/**
 * Decodes through `PROGRAM -dc` and yields all that it writes.
 * Throws IncompleteInput: `unsupported` where there is no such program, else by its exit status.
 */
export async function* throughProgram(
  program: string,
  reader: ByteReader,
  missing: () => IncompleteInput,
  onNotice: (notice: InputNotice) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const child = spawn(program, ['-dc'], {
    stdio: 'pipe',
    windowsHide: true,
    env: { ...process.env, LC_ALL: 'C' },
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw missing();
    throw new IncompleteInput('unsupported', `cannot start ${program}: ${systemReason(error)}`);
  }
  child.on('error', () => {});
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  let said = '';
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    said = (said + text).slice(0, STDERR_KEPT);
  });
  try {
    const feeding = feed(child.stdin, reader);
    const output: AsyncIterable<Uint8Array> = child.stdout;
    for await (const piece of output) yield piece;
    await feeding;
    const status = await exit;
    const words = printable(said);
    if (status === 0) {
      if (words !== '') onNotice({ code: 'decompressor_warning', message: `${program}: ${words}` });
      return;
    }
    const ended = status === null ? 'was killed' : `ended with status ${status}`;
    throw new IncompleteInput(
      CUT_OFF.test(said) ? 'truncated' : 'corrupt',
      `${program} ${ended} after ${reader.position} bytes${words === '' ? '' : `: ${words}`}`,
    );
  } finally {
    child.kill();
  }
}

const feed = async (stdin: Writable, reader: ByteReader): Promise<void> => {
  // A program that gives up early closes its end; its exit status then says why.
  const closed = new Promise<void>((resolve) => stdin.once('close', resolve));
  stdin.on('error', () => {});
  while (!stdin.destroyed) {
    const piece = await reader.next();
    if (piece === null) break;
    const written = new Promise<void>((resolve) => stdin.write(piece, () => resolve()));
    await Promise.race([closed, written]);
  }
  stdin.end();
};

const printable = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
