import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { AuthlogError } from '../../errors.ts';
import type { ClickHouseAddress } from './url.ts';

type Package = typeof import('@clickhouse/client');

/** How long a server may take to say that it is there, in milliseconds. */
const PATIENCE = 5_000;
const LONGEST_QUERY = 600_000;

/** Known to every version from 18.16 on; others are an error there. */
const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  // Else an error in the middle of a result ends it like any other line.
  wait_end_of_query: 1,
  max_query_size: '16777216',
  // What does not fit goes to the server's disk.
  max_bytes_before_external_group_by: '300000000',
  max_bytes_before_external_sort: '300000000',
  distributed_aggregation_memory_efficient: 1,
};

/** One server of ClickHouse by its HTTP port. */
export interface Server {
  /** Host and port, as in the URL. */
  readonly name: string;
  /** Throws what the client throws where it does not answer or does not accept the user. */
  ping(): Promise<void>;
  /** Runs a statement without a result. */
  run(sql: string): Promise<void>;
  rows<T>(sql: string, settings?: ClickHouseSettings): Promise<readonly T[]>;
  stream<T>(sql: string, settings?: ClickHouseSettings): AsyncIterable<readonly T[]>;
  insert(table: string, rows: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

/** The servers that an address names; throws USAGE where the client is not installed. */
export const connect = async (address: ClickHouseAddress): Promise<readonly Server[]> => {
  const client = await loadClient();
  return address.hosts.map((host) => createServer(client, address, host));
};

const loadClient = async (): Promise<Package> => {
  try {
    return await import('@clickhouse/client');
  } catch {
    throw new AuthlogError(
      'USAGE',
      'a store at clickhouse:// needs the package @clickhouse/client, which is not installed',
      'Install it: npm install @clickhouse/client',
    );
  }
};

const createServer = (
  { createClient, ClickHouseLogLevel }: Package,
  { isSecure, user, password }: ClickHouseAddress,
  host: string,
): Server => {
  const clientFor = (request_timeout: number): ClickHouseClient =>
    createClient({
      url: `${isSecure ? 'https' : 'http'}://${host}`,
      username: user,
      password,
      application: 'authlog',
      request_timeout,
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: SETTINGS,
    });
  const client = clientFor(LONGEST_QUERY);
  const impatient = clientFor(PATIENCE);
  return {
    name: host,
    ping: async () => {
      const result = await impatient.ping({ select: true });
      if (!result.success) throw result.error;
    },
    run: async (sql) => {
      await client.command({ query: sql });
    },
    rows: async <T>(sql: string, settings: ClickHouseSettings = {}) => {
      const result = await client.query({
        query: sql,
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      return result.json<T>();
    },
    stream: async function* <T>(
      sql: string,
      settings: ClickHouseSettings = {},
    ): AsyncIterable<readonly T[]> {
      const result = await client.query({
        query: sql,
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      for await (const rows of result.stream<T>()) yield rows.map((row) => row.json());
    },
    insert: async (table, rows) => {
      await client.insert({
        table,
        values: [...rows],
        format: 'JSONEachRow',
        // Returns when the shards have the rows, and not when they wait on this server's disk.
        clickhouse_settings: { insert_distributed_sync: 1 },
      });
    },
    close: async () => {
      await Promise.all([client.close(), impatient.close()]);
    },
  };
};
