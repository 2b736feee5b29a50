import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that a test started: a process of this one. */
export interface Service {
  readonly pid: number;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/** Starts a server whose words go to a file, and waits until it is ready; throws with its last words. */
export const startService = async (
  command: string,
  args: readonly string[],
  log: string,
  isReady: () => Promise<boolean>,
): Promise<Service> => {
  const output = openSync(log, 'a');
  const child = spawn(command, args, { stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A test run that ends early leaves no server behind.
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  void ended.then(() => process.off('exit', end));
  for (let tries = 0; !(await isReady().catch(() => false)); tries++) {
    if (hasEnded(child) || tries > 600) {
      child.kill('SIGKILL');
      throw new Error(`${command} did not start: ${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await sleep(50);
  }
  const endWith = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    const force = setTimeout(end, 10_000);
    await ended;
    clearTimeout(force);
  };
  return { pid: child.pid!, kill: () => endWith('SIGKILL'), stop: () => endWith('SIGTERM') };
};

const hasEnded = ({ exitCode, signalCode, pid }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;

/** That tests of a service do not run here: fails in CI, is said aloud elsewhere. */
export const serviceMissing = (what: string, install: string): null => {
  const message = `${what} is missing, so its tests do not run. ${install}`;
  if ((process.env['CI'] ?? '') !== '') throw new Error(message);
  console.warn(message);
  return null;
};
