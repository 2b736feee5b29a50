import { AuthlogError } from '../../errors.ts';
import type { EventStore } from '../store.ts';
import { ClickHouseStore } from './clickhouse-store.ts';
import { isUnreachable, toAuthlogError } from './errors.ts';
import { statementsFor, tablesOf } from './schema.ts';
import { connect, type Server } from './server.ts';
import { clusterMembers } from './shards.ts';
import { literal } from './sql.ts';
import { parseClickHouseUrl, type ClickHouseAddress } from './url.ts';

/**
 * Opens the store in a database of ClickHouse, and makes its tables on each server that the URL
 * names. A server that is down is missed by what needs it. Throws USAGE for a URL, a package or a
 * password that can't be used, INPUT where no server answers.
 */
export const openClickHouseStore = async (url: string): Promise<EventStore> => {
  const address = parseClickHouseUrl(url);
  const all = await connect(address);
  try {
    const present = await presentServers(all);
    if (address.cluster !== null) await checkCluster(present[0]!, address, address.cluster);
    for (const server of present) await makeTables(server, address);
    return new ClickHouseStore({ all, cluster: address.cluster }, tablesOf(address));
  } catch (error) {
    await Promise.all(all.map((server) => server.close()));
    throw toAuthlogError(error, 'INPUT', address.hosts.join(', '));
  }
};

/** The servers that answer, at least one. */
const presentServers = async (all: readonly Server[]): Promise<readonly Server[]> => {
  const failures: unknown[] = [];
  const present: Server[] = [];
  await Promise.all(
    all.map(async (server) => {
      try {
        await server.ping();
        present.push(server);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        failures.push(error);
      }
    }),
  );
  if (present.length === 0) throw failures[0];
  return all.filter((server) => present.includes(server));
};

/** All servers must be named: statements that make and delete go to each of them. */
const checkCluster = async (
  server: Server,
  { hosts, database }: ClickHouseAddress,
  cluster: string,
): Promise<void> => {
  const members = await clusterMembers(server, cluster);
  if (members.length === 0) {
    throw new AuthlogError(
      'USAGE',
      `ClickHouse at ${server.name} knows no cluster ${cluster}`,
      'Name one of <remote_servers> in the configuration of all its servers.',
    );
  }
  if (members.length <= hosts.length) return;
  const names = members.map(({ host_name: host }) => `${host}:8123`).join(',');
  throw new AuthlogError(
    'USAGE',
    `the cluster ${cluster} has ${members.length} servers, but the URL names ${hosts.length}`,
    `Name all with their HTTP ports: clickhouse://${names}/${database}?cluster=${cluster}`,
  );
};

const makeTables = async (server: Server, address: ClickHouseAddress): Promise<void> => {
  const names = address.cluster === null ? 2 : 3;
  const [found] = await server.rows<{ readonly n: number }>(
    `SELECT count() AS n FROM system.tables WHERE database = ${literal(address.database)} ` +
      `AND name IN ('events_local', 'checkpoints'${names === 3 ? ", 'events'" : ''})`,
  );
  if (found?.n === names) return;
  const statements = statementsFor(address);
  try {
    for (const statement of statements) await server.run(statement);
  } catch (error) {
    const { code, message } = toAuthlogError(error, 'INPUT', server.name);
    const hint = `Have its administrator run on each server: ${statements.join('; ')};`;
    throw new AuthlogError(code, `${message}: the tables could not be made`, hint);
  }
};
