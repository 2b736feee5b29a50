import type { Input } from '../source/input.ts';
import { removeTemporaryFiles } from './write.ts';

const EXIT_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * On an interrupt: one line that says how far the work got, no half-written file, and the exit
 * code that shells expect. Returns what takes the handlers away again.
 */
export const onInterrupt = (inputs: readonly Input[], describe: () => string): (() => void) => {
  const mayBlock = inputs.some(({ kind, size }) => kind === 'file' && size === null);
  const handlers = Object.entries(EXIT_CODES).map(([signal, code]) => {
    const handler = (): void => {
      removeTemporaryFiles();
      process.stderr.write(`authlog: interrupted ${describe()}\n`);
      // A read from a pipe or terminal may never end: nothing else would stop the process.
      // On a FIFO by name a thread waits, and `exit` would wait for it: the signal itself does not.
      if (mayBlock) process.kill(process.pid, signal);
      process.exit(code);
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
};
