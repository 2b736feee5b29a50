import { AuthlogError } from '../errors.ts';
import { readInputLine } from '../record/input-line.ts';
import { LineSplitter, type Line } from '../record/line-splitter.ts';
import type { Recorder } from '../record/recorder.ts';
import { systemReason } from '../source/system-error.ts';
import type { Host } from './host.ts';

const LONGEST_LINE = 1_048_576;
/** Lines with their own sentence; the others are counted. */
const MOST_SENTENCES = 20;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Records NDJSON from standard input until its end or a signal; 3 where lines were left out. */
export const recordStream = async (
  recorder: Recorder,
  host: Host,
  say: (message: string) => void,
): Promise<number> => {
  const stream = new Stream(recorder, say);
  let interrupted: keyof typeof EXIT_CODES | null = null;
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const handler = (): void => {
      interrupted = signal;
      host.stdin.destroy();
    };
    return [signal, handler] as const;
  });
  const reopen = (): void => {
    recorder.reopen().catch((error: unknown) => {
      say(error instanceof AuthlogError ? error.message : `cannot reopen: ${systemReason(error)}`);
    });
  };
  for (const [signal, handler] of handlers) process.on(signal, handler);
  process.on('SIGHUP', reopen);
  const isStopped = (): boolean => interrupted !== null;
  try {
    await stream.readAll(host.stdin, isStopped);
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    process.off('SIGHUP', reopen);
    const left =
      stream.bad === 0 ? '' : `; ${stream.bad} ${stream.bad === 1 ? 'line' : 'lines'} left out`;
    say(`recorded ${stream.recorded} ${stream.recorded === 1 ? 'event' : 'events'}${left}`);
  }
  if (interrupted !== null) return EXIT_CODES[interrupted];
  return stream.bad > 0 ? 3 : 0;
};

class Stream {
  recorded = 0;
  bad = 0;
  readonly #recorder: Recorder;
  readonly #say: (message: string) => void;
  readonly #splitter = new LineSplitter(LONGEST_LINE);
  #line = 0;

  constructor(recorder: Recorder, say: (message: string) => void) {
    this.#recorder = recorder;
    this.#say = say;
  }

  async readAll(stdin: AsyncIterable<unknown>, isStopped: () => boolean): Promise<void> {
    try {
      for await (const chunk of stdin) {
        await this.#record(this.#splitter.push(Buffer.from(chunk as Uint8Array)));
        if (isStopped()) return;
      }
    } catch (error) {
      if (isStopped() && !(error instanceof AuthlogError)) return;
      if (error instanceof AuthlogError) throw error;
      throw new AuthlogError('INPUT', `cannot read standard input: ${systemReason(error)}`);
    }
    const last = this.#splitter.end();
    if (last !== null && !isStopped()) await this.#record([last]);
  }

  /** Records what came together; the disk is waited for once. */
  async #record(lines: readonly Line[]): Promise<void> {
    const waiting: Promise<void>[] = [];
    for (const line of lines) {
      this.#line += 1;
      const promise = this.#recordLine(line);
      if (promise !== null) waiting.push(promise);
    }
    for (const result of await Promise.allSettled(waiting)) {
      if (result.status === 'rejected') throw result.reason;
      this.recorded += 1;
    }
  }

  #recordLine({ bytes, isCut }: Line): Promise<void> | null {
    if (bytes.length === 0 || /^\s*$/.test(bytes.toString('latin1', 0, 64))) return null;
    try {
      if (isCut) throw new AuthlogError('INPUT', 'is longer than 1 MiB');
      const { access, event } = readInputLine(bytes);
      return access === null ? this.#recorder.append(event) : this.#recorder.record(access);
    } catch (error) {
      if (!(error instanceof AuthlogError)) throw error;
      this.bad += 1;
      if (this.bad <= MOST_SENTENCES) this.#say(`line ${this.#line} ${error.message}`);
      return null;
    }
  }
}
