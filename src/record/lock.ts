import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthlogError } from '../errors.ts';
import { codeOf, systemReason } from '../source/system-error.ts';

/** Held until `release`, or until the process ends. */
export interface Lock {
  release(): void;
}

/** Who holds a lock, told apart from any other process by what the system says of it. */
interface Holder {
  readonly pid: number;
  /** Ticks from boot to the start of the process; null where the system does not tell. */
  readonly start: string | null;
  readonly boot: string | null;
  /** /etc/machine-id, where it says anything. */
  readonly machine: string | null;
  /** Process ids mean something in their own namespace only. */
  readonly namespace: string | null;
  readonly host: string;
  readonly nonce: string;
}

const WAIT_MS = 5000;
const POLL_MS = 50;
/** Nothing can be made where the lock should be. */
const NO_PLACE: ReadonlySet<string | null> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

/**
 * Takes the lock file `path`, so that nobody else does; waits up to `waitMs` for its holder, then
 * throws LOCKED. A holder that is provably dead is dispossessed.
 */
export const acquireLock = async (path: string, waitMs: number = WAIT_MS): Promise<Lock> => {
  const text = JSON.stringify(describeSelf());
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const deadline = Date.now() + waitMs;
  try {
    // Linked when it is whole: nobody reads half a lock.
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    for (;;) {
      const tookOver = removeDead(path);
      if (link(draft, path) && (!tookOver || (await isStill(path, text)))) break;
      if (Date.now() >= deadline) throw locked(path);
      await sleep(POLL_MS);
    }
  } catch (error) {
    if (error instanceof AuthlogError) throw error;
    const code = NO_PLACE.has(codeOf(error)) ? 'USAGE' : 'OUTPUT';
    throw new AuthlogError(code, `cannot lock ${path}: ${systemReason(error)}`);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release: () => {
      if (read(path) === text) rmSync(path, { force: true });
    },
  };
};

const locked = (path: string): AuthlogError => {
  const holder = parse(read(path) ?? '');
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new AuthlogError(
    'LOCKED',
    `${who} holds ${path}`,
    'One at a time. If that process is surely dead, delete the file.',
  );
};

const describeSelf = (): Holder => ({
  pid: process.pid,
  start: startOf(process.pid),
  boot: read('/proc/sys/kernel/random/boot_id')?.trim() ?? null,
  machine: read('/etc/machine-id')?.trim() || null,
  namespace: namespaceOf(),
  host: hostname(),
  nonce: randomBytes(8).toString('hex'),
});

const namespaceOf = (): string | null => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
};

/** Field 22 of /proc/PID/stat; the name of the program before it may hold anything. */
const startOf = (pid: number): string | null => {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
};

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

const parse = (text: string): Holder | null => {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return Number.isSafeInteger(holder?.pid) && holder!.pid! > 0 ? (holder as Holder) : null;
  } catch {
    return null;
  }
};

/** Dead beyond doubt: of an earlier boot of this machine; or there is no such process now, or a younger one. */
const isDead = (holder: Holder): boolean => {
  const self = describeSelf();
  if (holder.host !== self.host || holder.boot === null || self.boot === null) return false;
  if (holder.boot !== self.boot) return self.machine !== null && holder.machine === self.machine;
  if (holder.namespace === null || holder.namespace !== self.namespace) return false;
  if (!isRunning(holder.pid)) return true;
  const start = startOf(holder.pid);
  return start !== null && holder.start !== null && start !== holder.start;
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
};

/** Takes a dead holder's lock away; whether it did. */
const removeDead = (path: string): boolean => {
  const text = read(path);
  const holder = text === null ? null : parse(text);
  if (holder === null || !isDead(holder)) return false;
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  // Somebody else was faster, and this lock is a living one: back with it.
  const isTheDeadOne = read(aside) === text;
  if (!isTheDeadOne) link(aside, path);
  rmSync(aside, { force: true });
  return isTheDeadOne;
};

const link = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/** Others may have taken the dead lock away at the same moment, and ours with it. */
const isStill = async (path: string, text: string): Promise<boolean> => {
  await sleep(POLL_MS);
  return read(path) === text;
};
