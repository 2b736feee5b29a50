import { setTimeout as sleep } from 'node:timers/promises';
import { AuthlogError } from '../../errors.ts';
import { serverCode, toAuthlogError } from './errors.ts';
import type { Server } from './server.ts';
import type { Tables } from './schema.ts';
import { literal } from './sql.ts';

/** How long a server may take to rewrite its parts, in milliseconds. */
const PATIENCE = 30 * 60_000;
const TABLE_MISSING = 60;

/** Deletes rows on every server and waits until they are gone; returns how many events that were. */
export const deleteRows = async (
  servers: readonly Server[],
  tables: Tables,
  condition: string,
): Promise<number> => {
  // First of all: a server that is not there would keep what is to be forgotten.
  for (const server of servers) {
    try {
      await server.ping();
    } catch (error) {
      throw toAuthlogError(error, 'OUTPUT', server.name);
    }
  }
  const [first] = servers;
  const [counted] = await first!.rows<{ readonly n: number }>(
    `SELECT count() AS n FROM ${tables.events} FINAL WHERE ${condition}`,
  );
  const count = counted?.n ?? 0;
  if (count === 0) return 0;
  for (const server of servers) {
    try {
      await server.run(`ALTER TABLE ${tables.local} DELETE WHERE ${condition}`);
    } catch (error) {
      if (serverCode(error) !== TABLE_MISSING) throw toAuthlogError(error, 'OUTPUT', server.name);
    }
  }
  for (const server of servers) await untilDone(server, tables);
  return count;
};

const untilDone = async (server: Server, { database }: Tables): Promise<void> => {
  const start = Date.now();
  const query =
    `SELECT count() AS n FROM system.mutations WHERE database = ${literal(database)} ` +
    `AND table = 'events_local' AND is_done = 0`;
  for (let pause = 20; ; pause = Math.min(1000, pause * 2)) {
    const [open] = await server.rows<{ readonly n: number }>(query);
    if (open?.n === 0) return;
    if (Date.now() - start > PATIENCE) {
      throw new AuthlogError(
        'OUTPUT',
        `ClickHouse at ${server.name} has not finished deleting`,
        'It goes on by itself; its table system.mutations tells how far it is.',
      );
    }
    await sleep(pause);
  }
};
