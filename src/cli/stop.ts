const EXIT_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** A signal that asks for an end, and the exit code that shells expect for it. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Null before a signal came. */
  exitCode(): number | null;
  /** Takes the handlers away. */
  disarm(): void;
}

/** The first SIGINT, SIGTERM or SIGHUP asks for an orderly end; a second one ends the process at once. */
export const onStop = (): Stop => {
  const controller = new AbortController();
  let code: number | null = null;
  const handlers = Object.entries(EXIT_CODES).map(([name, exitCode]) => {
    const handler = (): void => {
      if (code !== null) process.exit(exitCode);
      code = exitCode;
      controller.abort();
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    signal: controller.signal,
    exitCode: () => code,
    disarm: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
};
