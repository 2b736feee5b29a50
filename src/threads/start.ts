import { Worker } from 'node:worker_threads';

/** Started before anybody asked for it. */
let ahead: Worker | null = null;

const start = (): Worker =>
  new Worker(new URL('../threads/worker.cjs', import.meta.url), {
    // Far more than a judge keeps; with the default V8 lets far more garbage lie.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 },
  });

/** Starts a thread that the first `startWorker` will get; nobody has to. */
export const startAhead = (): void => {
  ahead = start();
  ahead.unref();
  // Whoever gets it hears of it, or judges alone.
  ahead.on('error', () => undefined);
};

/** A thread that waits for what to judge by (`JudgeConfig`), then says `ready`. */
export const startWorker = (): Worker => {
  const worker = ahead ?? start();
  ahead = null;
  worker.ref();
  return worker;
};
