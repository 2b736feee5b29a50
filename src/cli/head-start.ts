import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { INLINE_BYTES, INLINE_SLOW_BYTES } from '../threads/worth.ts';

const COMMANDS = new Set(['analyze', 'audit']);
/** Keys that may be public ones. */
const KEYS = /^--(?:key|jwks)(?:=|$)/;

/**
 * Starts a thread where a large log seems to be named: it takes longer to start than the command line, the keys and
 * the first blocks do, and another core does it.
 */
export const giveHeadStart = async ([command, ...args]: readonly string[]): Promise<void> => {
  if (!COMMANDS.has(command!) || availableParallelism() === 1) return;
  if (args.some((arg) => arg.startsWith('--threads'))) return;
  const least = args.some((arg) => KEYS.test(arg)) ? INLINE_SLOW_BYTES : INLINE_BYTES;
  if (!args.some((arg) => sizeOf(arg) > least)) return;
  const { startAhead } = await import('../threads/start.ts');
  startAhead();
};

/** Bytes of a regular file, 0 for anything else. */
const sizeOf = (path: string): number => {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : 0;
  } catch {
    return 0;
  }
};
