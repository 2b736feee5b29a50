import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

// Optimised code does not count.
setFlagsFromString('--no-opt');
setFlagsFromString('--no-sparkplug');

/**
 * How often any piece of the scanner's code runs while `work` does: V8 counts it. Unlike a clock it
 * gives the same number on every machine, and shows work that grows faster than its input.
 */
export const stepsOf = (work: () => void): number => {
  const session = new Session();
  session.connect();
  // Answers come before `post` returns, for the session is of this thread.
  const ask = <T>(method: string, options: object = {}): T => {
    let answer: T | undefined;
    session.post(method, options, (error, result) => {
      if (error !== null) throw error;
      answer = result as T;
    });
    return answer!;
  };
  ask('Profiler.enable');
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  try {
    work();
    const { result } = ask<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.includes('/src/scan/'))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  } finally {
    ask('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
};
