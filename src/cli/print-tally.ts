import type { AnalyzeOptions } from '../analyze.ts';
import { incompleteText, renderError } from '../report/error.ts';
import { writeTally } from '../tallies.ts';
import type { AnalyzeFlags } from './flags.ts';
import type { Host } from './host.ts';
import { themeFor } from './look.ts';
import type { Sink } from './write.ts';

/** `authlog analyze --format tally`: what `authlog merge` adds up; exit 3 where an input was not read to its end. */
export const printTally = async (
  options: AnalyzeOptions,
  flags: AnalyzeFlags,
  host: Host,
  sink: Sink,
): Promise<number> => {
  const incomplete = await writeTally(options, (text) => sink.write(text));
  await sink.close();
  if (flags.quiet !== true && incomplete.length > 0) {
    const theme = await themeFor(host, host.stderr, flags.color);
    for (const failure of incomplete) {
      host.stderr.write(renderError(incompleteText(failure), null, theme));
    }
  }
  return incomplete.length > 0 ? 3 : 0;
};
