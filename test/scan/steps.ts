import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

// Optimised code does not count, and neither does what was compiled before the counting began:
// whoever counts imports the scanner after this module.
setFlagsFromString('--no-opt');
setFlagsFromString('--no-sparkplug');
setFlagsFromString('--no-flush-bytecode');

const session = new Session();
session.connect();

/** The answer comes before `post` returns, for the session is of this thread. */
const ask = (method: string, options: object = {}): unknown => {
  let answer: unknown;
  session.post(method, options, (error, result) => {
    if (error !== null) throw error;
    answer = result;
  });
  return answer;
};

ask('Profiler.enable');
ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** How often any piece of the scanner's code ran since this was asked last. */
const takeCount = (): number => {
  const taken = ask('Profiler.takePreciseCoverage');
  const { result } = taken as Profiler.TakePreciseCoverageReturnType;
  return result
    .filter(({ url }) => url.includes('/src/scan/'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
};

/**
 * How often any piece of the scanner's code runs while `work` does: V8 counts it. Unlike a clock it
 * gives the same number on every machine, and shows work that grows faster than its input.
 */
export const stepsOf = (work: () => void): number => {
  takeCount();
  work();
  return takeCount();
};
