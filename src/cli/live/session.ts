import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { planOf, type ReadOptions } from '../../analyze.ts';
import type { ClientAddress } from '../../audit/block-decoder.ts';
import { FollowedLog } from '../../follow/followed-log.ts';
import { follow, inTurn } from '../../follow/follow.ts';
import type { Growing, Turn } from '../../follow/growing.ts';
import type { LiveAudit } from '../../follow/live-audit.ts';
import { LiveTally } from '../../follow/live-tally.ts';
import { StandardInput } from '../../follow/standard-input.ts';
import { configOf } from '../../ingest/config.ts';
import { nodeDisk } from '../../ingest/disk.ts';
import { matchFiles } from '../../ingest/match.ts';
import type { PassOptions } from '../../ingest/pass.ts';
import { pause } from '../../ingest/pause.ts';
import { findLogs } from '../../ingest/sources.ts';
import { prepareZone } from '../../source/fields/zone.ts';
import type { Incomplete } from '../../source/input.ts';
import type { Host } from '../host.ts';

const POLL_MS = 250;
/** Text at the end of what is there already whose rejections are told one by one. */
const DETAILED_BYTES = 1 << 20;
/** After so long without a line none is late any more. */
const QUIET_MS = 2000;

/** Logs whose judges go on from round to round: each holds on to some ten MiB. */
const MOST_KEPT = 8;

export interface SessionOptions {
  readonly sources: readonly string[];
  readonly read: ReadOptions;
  /** `--now` was given: the present stands still. */
  readonly isFrozen: boolean;
  readonly maxUsers: number;
  readonly audit: LiveAudit | null;
  readonly clientAddress: ClientAddress | null;
  readonly forwarded: boolean;
  readonly host: Host;
}

/** Followed sources and all that is known of them at any time. */
export class Session {
  readonly live: LiveTally;
  readonly #options: SessionOptions;
  readonly #controller = new AbortController();
  #sources: readonly Growing[] = [];
  #turns: readonly Turn[] = [];
  #bytes = 0;
  #lines = 0;
  #changedAt = performance.now();
  #isCaughtUp = false;

  constructor(options: SessionOptions) {
    const { read, maxUsers, clientAddress } = options;
    const keys = read.ring?.keys ?? [];
    this.#options = options;
    this.live = new LiveTally({
      now: read.now / 1000,
      zone: read.zone ?? 'UTC',
      maxUsers,
      keys: keys.length,
      keysExpire: keys.some((key) => key.notBefore !== null || key.notAfter !== null),
      judges: planOf(read, 'audit').threads + 1,
      clientAddress,
    });
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    const { isFrozen, read } = this.#options;
    return isFrozen ? read.now : Date.now();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Bytes before the first round was done; null afterwards. */
  get catchingUp(): number | null {
    return this.#isCaughtUp ? null : this.#bytes;
  }

  get read(): readonly Growing['read'][] {
    return this.#sources.map(({ read }) => read);
  }

  get held(): number {
    return this.#turns.reduce((sum, { held }) => sum + held, 0);
  }

  /** What could not be read, as of the last round. */
  get incomplete(): readonly Incomplete[] {
    return this.#turns.flatMap(({ incomplete }) => incomplete);
  }

  end(): void {
    this.#controller.abort();
  }

  /** Reads until the end; `onTick` is called every `interval` milliseconds meanwhile. */
  async run(interval: number, onTick: () => Promise<void> | void): Promise<void> {
    await prepareZone(this.#options.read.zone ?? 'UTC');
    const done = new AbortController();
    const { audit } = this.#options;
    const reading = follow({
      open: (shouldStop) => this.#open(shouldStop),
      round: (sources) => audit?.round(sources) ?? inTurn(sources),
      poll: POLL_MS,
      signal: this.signal,
      onRound: (turns) => this.#finishRound(turns),
    }).finally(() => done.abort());
    const ticking = this.#tick(interval, onTick, done.signal);
    try {
      await Promise.all([reading, ticking]);
    } finally {
      this.end();
      await Promise.allSettled([reading, ticking]);
      // A pipe that nobody closes would keep the process alive.
      this.#options.read.stdin.destroy();
    }
  }

  async #tick(
    interval: number,
    onTick: () => Promise<void> | void,
    done: AbortSignal,
  ): Promise<void> {
    while (!done.aborted) {
      await pause(interval, done);
      if (!done.aborted) await onTick();
    }
  }

  #finishRound(turns: readonly Turn[]): void {
    this.#turns = turns;
    this.#isCaughtUp = true;
    const lines = this.#sources.reduce((sum, { read }) => sum + read.lines, 0);
    const now = performance.now();
    if (lines !== this.#lines) this.#changedAt = now;
    else if (now - this.#changedAt > QUIET_MS) this.#options.audit?.catchUp();
    this.#lines = lines;
  }

  async #open(shouldStop: () => boolean): Promise<readonly Growing[]> {
    const { sources, read, audit, host } = this.#options;
    const named = sources.length === 0 ? ['-'] : sources;
    const files = named.filter((source) => source !== '-');
    const cwd = host.cwd();
    const { paths } = await findLogs(files, cwd);
    const options = this.#passOptions(paths.length, shouldStop);
    const nameOf = (path: string): string => nameFrom(cwd, path);
    const isWanted = wantedBy(read, cwd);
    const opened: Growing[] = [];
    for (const path of paths) {
      const taker = this.live.taker(audit === null ? 0 : opened.length, audit);
      opened.push(await FollowedLog.open(path, options, taker, nameOf, isWanted));
    }
    if (named.includes('-')) {
      const taker = this.live.taker(audit === null ? 0 : opened.length, audit);
      opened.push(new StandardInput(read.stdin, options, taker));
    }
    this.#sources = opened;
    return opened;
  }

  #passOptions(logs: number, shouldStop: () => boolean): PassOptions {
    const { read, audit, forwarded } = this.#options;
    const { judge, threads, blockSize, maxLine, recordedOnly } = planOf(read, 'audit');
    return {
      disk: nodeDisk,
      judge: { ...judge, forwarded },
      now: () => this.now,
      keepsJudges: logs <= MOST_KEPT,
      config: configOf(judge, maxLine, recordedOnly, false),
      recordedOnly,
      threads: Math.max(1, Math.floor(threads / Math.max(1, logs))),
      blockSize,
      maxLine,
      match: matchFiles,
      onProgress: (bytes) => {
        this.#bytes += bytes;
      },
      shouldStop,
      ...(audit === null && { isDetailed: (behind: number) => behind < DETAILED_BYTES }),
    };
  }
}

/** As a person would name it: from here, where it lies below. */
const nameFrom = (cwd: string, path: string): string => {
  const name = relative(cwd, path);
  return name.startsWith('..') ? path : name;
};

/** Of rotated files that are there already, those that the same command without --follow would read. */
const wantedBy = ({ inputs }: ReadOptions, cwd: string): ((path: string) => boolean) => {
  const wanted = new Set(
    inputs.filter(({ kind }) => kind === 'file').map(({ path }) => fileKey(resolve(cwd, path))),
  );
  return (path) => wanted.has(fileKey(path));
};

/** One name for a file, whatever links lead to its folder. */
const fileKey = (path: string): string => {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
};
