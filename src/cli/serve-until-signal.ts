import type { Say } from './say.ts';

/** A server that runs until a signal ends it. */
export interface Running {
  readonly name: string;
  /** Takes new settings, on SIGHUP. Never rejects. */
  readonly reload: () => Promise<void>;
  /** Answers what was asked, then ends. */
  readonly stop: () => Promise<void>;
  /** What it means where that fails. */
  readonly stopFailure: string;
}

/** Serves; resolves to the exit code once a signal ended it in order. A second signal ends it at once. */
export const serveUntilSignal = (service: Running, say: Say): Promise<number> => {
  const onFault = (error: unknown): void => {
    // What is wrong is unknown, so nothing more is decided; a supervisor starts anew.
    const name = error instanceof Error ? error.name : 'unknown error';
    say.alarm(`${name}, the ${service.name} ends`, error);
    process.exit(70);
  };
  return new Promise((resolve) => {
    let reloading: Promise<void> = Promise.resolve();
    let isStopping = false;
    const onHangup = (): void => {
      // One after the other: the last files win.
      if (!isStopping) reloading = reloading.then(service.reload);
    };
    const finish = (code: number): void => {
      for (const [event, listener] of listeners) process.off(event, listener);
      resolve(code);
    };
    const onEnd = (signal: unknown): void => {
      if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
      isStopping = true;
      service.stop().then(
        () => finish(0),
        (error: unknown) => {
          say.alarm(service.stopFailure, error);
          finish(4);
        },
      );
    };
    const listeners: readonly (readonly [string, (error?: unknown) => void])[] = [
      ['SIGHUP', onHangup],
      ['SIGTERM', onEnd],
      ['SIGINT', onEnd],
      ['uncaughtException', onFault],
      ['unhandledRejection', onFault],
    ];
    for (const [event, listener] of listeners) process.on(event, listener);
  });
};
