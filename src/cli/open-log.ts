import { AuthlogError } from '../errors.ts';
import type { EventLog } from '../record/event-log.ts';
import { openEventLog, type OpenLogOptions } from '../record/open.ts';
import { isStoreUrl } from '../source/store-url.ts';

/** The file or store that `--to` and `--record` name. */
export const openLog = async (to: string, options: OpenLogOptions): Promise<EventLog> => {
  if (!isStoreUrl(to)) return openEventLog(to, options);
  if (options.chain === true) {
    throw new AuthlogError('USAGE', 'a store keeps no chain', 'Record to a file with --chain.');
  }
  const { openStoreLog } = await import('../store/store-log.ts');
  return openStoreLog(to, { durability: options.durability ?? 'interval' });
};
