import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const COMMANDS = new Set(['analyze', 'audit']);
/** Below this a thread may not be needed at all (src/threads/pool.ts). */
const LARGE = 32 << 20;

/**
 * Starts a thread where a large log seems to be named: it takes longer to start than the command line, the keys and
 * the first blocks do, and another core does it.
 */
export const giveHeadStart = async ([command, ...args]: readonly string[]): Promise<void> => {
  if (!COMMANDS.has(command!) || availableParallelism() === 1) return;
  if (args.some((arg) => arg.startsWith('--threads')) || !args.some(isLarge)) return;
  const { startAhead } = await import('../threads/start.ts');
  startAhead();
};

const isLarge = (path: string): boolean => {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size > LARGE;
  } catch {
    return false;
  }
};
