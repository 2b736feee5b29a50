import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `less` ends by itself where one screen holds all, keeps colours, and leaves the text on the screen. */
const LESS = ['-FRX'];
/** What a shell answers for a program that is not there, or can't be run. */
const NO_PROGRAM = [126, 127];

const ignore = (): void => undefined;

/**
 * Shows a text in `pager`, a command for the shell, else in less. False where there is no such
 * program. Whoever leaves it early has seen enough: that is no fault.
 */
export const showInPager = async (
  text: Uint8Array,
  pager: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> => {
  const options = {
    stdio: ['pipe', 'inherit', 'inherit'] as ['pipe', 'inherit', 'inherit'],
    env: { ...env, LESS: env['LESS'] ?? 'FRX' },
  };
  // Ctrl-C belongs to the pager: it stops a search there, and must not leave it without its text.
  const listeners = process.rawListeners('SIGINT') as (() => void)[];
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', ignore);
  try {
    const child =
      pager === null ? spawn('less', LESS, options) : spawn('sh', ['-c', pager], options);
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
    const [code] = (await once(child, 'close')) as [number | null];
    return !NO_PROGRAM.includes(code ?? 0);
  } catch {
    return false;
  } finally {
    process.off('SIGINT', ignore);
    for (const listener of listeners) process.on('SIGINT', listener);
  }
};
