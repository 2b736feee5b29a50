import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { openEventLog, type OpenLogOptions } from '../../src/record/open.ts';
import { eventOf } from './events.ts';

export interface ChildOptions extends OpenLogOptions {
  readonly to: string;
  readonly name: string;
  readonly count: number;
  /** Lengths of the texts, in turn. */
  readonly lengths: readonly number[];
  /** Says the number of each event that counts as recorded. */
  readonly acknowledges?: boolean;
}

// Started as a program of its own: records events until there are enough of them, or SIGTERM.
const { to, name, count, lengths, acknowledges, ...options } = JSON.parse(
  process.argv[2]!,
) as ChildOptions;
const log = await openEventLog(to, options);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('SIGHUP', () => void log.reopen());
writeSync(1, 'open\n');
for (let i = 0; i < count && !stop.signal.aborted; i++) {
  await log.append(eventOf(`${name}-${i}`, lengths[i % lengths.length]));
  if (acknowledges === true) writeSync(1, `${i}\n`);
  if (i % 16 === 0) await setImmediate();
}
await log.close();
