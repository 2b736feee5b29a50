import { Readable } from 'node:stream';
import { mergeTallies } from '../../tallies.ts';
import { resolveInputs } from '../../source/inputs.ts';
import { checkFailOn } from '../fail-on.ts';
import type { SummaryFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { isForPeople, printSummary } from '../print-summary.ts';
import { openReport } from '../pager.ts';

/** `authlog merge`: the summary of the logs that all the tallies were made of. */
export const runMerge = async (
  paths: readonly string[],
  flags: SummaryFlags,
  host: Host,
): Promise<number> => {
  checkFailOn(flags.failOn ?? []);
  const stdin = paths.includes('-') ? host.stdin : null;
  const cwd = host.cwd();
  const found = await resolveInputs(paths, { cwd, stdinIsTTY: stdin?.isTTY === true });
  const sink = await openReport(flags, isForPeople(flags), host);
  const disarm = onInterrupt(found.inputs, () => '; nothing was written');
  try {
    const summary = await mergeTallies(found.inputs, {
      cwd,
      stdin: stdin ?? Readable.from([]),
      maxUsers: flags.maxUsers,
      sort: flags.sort,
      incomplete: found.incomplete,
    });
    return await printSummary(summary, flags, host, sink);
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    disarm();
  }
};
