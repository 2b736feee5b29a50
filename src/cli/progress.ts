import type { Input } from '../source/input.ts';
import type { Host } from './host.ts';

const SHOW_AFTER_MS = 1000;
const MIB = 1 << 20;

/** A progress bar on standard error, or nothing where nobody watches. */
export interface Progress {
  /** Takes bytes as they are read. */
  readonly onProgress: ((bytes: number) => void) | null;
  stop(): void;
}

const NONE: Progress = { onProgress: null, stop: () => undefined };

/** Shows rate and remaining time for work of over a second on a terminal; never in a pipe. */
export const startProgress = (host: Host, inputs: readonly Input[], wanted: boolean): Progress => {
  if (!wanted || host.stderr.isTTY !== true || host.env['TERM'] === 'dumb') return NONE;
  const total = inputs.reduce((sum, { size }) => sum + (size ?? Number.NaN), 0);
  let done = 0;
  let bar: { update(done: number): void; stop(): void } | null = null;
  let stopped = false;
  const timer = setTimeout(() => {
    void showBar(host, total).then((shown) => {
      if (stopped) shown.stop();
      else bar = shown;
    });
  }, SHOW_AFTER_MS);
  return {
    onProgress: (bytes) => {
      done += bytes;
      bar?.update(done);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      bar?.stop();
    },
  };
};

const showBar = async (
  host: Host,
  total: number,
): Promise<{ update(done: number): void; stop(): void }> => {
  const { default: cliProgress } = await import('cli-progress');
  const known = Number.isFinite(total) && total > 0;
  const started = Date.now();
  const bar = new cliProgress.SingleBar({
    stream: host.stderr,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
    format: known
      ? '{bar} {percentage}%  {rate} MiB/s  {eta_formatted} left'
      : '{mib} MiB  {rate} MiB/s',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
  });
  bar.start(known ? total : 1, 0, { rate: '-', mib: '0' });
  return {
    update: (done) => {
      const rate = done / MIB / Math.max(0.001, (Date.now() - started) / 1000 + 1);
      bar.update(Math.min(done, known ? total : 1), {
        rate: rate.toFixed(0),
        mib: (done / MIB).toFixed(0),
      });
    },
    stop: () => bar.stop(),
  };
};
