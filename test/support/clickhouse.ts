import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.ts';
import { serviceMissing, startService, type Service } from './service.ts';

/** One shard or several, each a server on the loopback; the cluster is called `authlog`. */
export interface ClickHouseService {
  /** `clickhouse://…/database`: of the first server, or of the cluster where there are several. */
  readonly url: (database: string) => string;
  /** A database that no other test uses. */
  readonly database: () => string;
  /** Asks a server by HTTP; throws its words where it refuses. */
  readonly query: (shard: number, sql: string) => Promise<string>;
  /** Host and port by which the shards know each other. */
  readonly address: (shard: number) => string;
  readonly httpAddress: (shard: number) => string;
  readonly kill: (shard: number) => Promise<void>;
  readonly restart: (shard: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const PROGRAM = '/usr/sbin/clickhouse-server';
const INSTALL = `There is no ${PROGRAM}: apt-get install clickhouse-server (nothing needs to run).`;

/** A user beside `default`, who has no password. */
export const USER = 'alice';
export const PASSWORD = "p@ss/w'rd";

interface Ports {
  readonly http: number;
  readonly tcp: number;
  readonly inter: number;
}

/** Starts ClickHouse in a folder of its own; null where it is not installed. */
export const startClickHouse = async ({
  shards,
}: {
  readonly shards: number;
}): Promise<ClickHouseService | null> => {
  if (!existsSync(PROGRAM)) return serviceMissing('ClickHouse', INSTALL);
  const folder = mkdtempSync(join(tmpdir(), 'authlog-clickhouse-'));
  const free = await freePorts(shards * 3);
  const ports: readonly Ports[] = Array.from({ length: shards }, (_, i) => ({
    http: free[i * 3]!,
    tcp: free[i * 3 + 1]!,
    inter: free[i * 3 + 2]!,
  }));
  const start = (shard: number): Promise<Service> => {
    const home = join(folder, `shard${shard}`);
    writeConfig(home, ports, shard);
    return startService(
      PROGRAM,
      [`--config-file=${join(home, 'config.xml')}`],
      join(home, 'output'),
      async () => (await fetch(`http://127.0.0.1:${ports[shard]!.http}/ping`)).ok,
    );
  };
  const servers = await Promise.all(ports.map((_, shard) => start(shard)));
  const hosts = ports.map(({ http }) => `127.0.0.1:${http}`).join(',');
  return {
    url: (database) => `clickhouse://${hosts}/${database}${shards === 1 ? '' : '?cluster=authlog'}`,
    database: () => `authlog_test_${databases++}`,
    query: async (shard, sql) => {
      const response = await fetch(`http://127.0.0.1:${ports[shard]!.http}/`, {
        method: 'POST',
        body: sql,
      });
      if (!response.ok) throw new Error(await response.text());
      return response.text();
    },
    address: (shard) => `127.0.0.1:${ports[shard]!.tcp}`,
    httpAddress: (shard) => `127.0.0.1:${ports[shard]!.http}`,
    kill: (shard) => servers[shard]!.kill(),
    restart: async (shard) => {
      await servers[shard]!.kill();
      servers[shard] = await start(shard);
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

let databases = 0;

/** As little as a server needs: its ports, its folders, small caches, the other shards. */
const writeConfig = (home: string, ports: readonly Ports[], shard: number): void => {
  const folders = ['data', 'tmp', 'log', 'user_files', 'format_schemas'];
  for (const name of folders) mkdirSync(join(home, name), { recursive: true });
  const { http, tcp, inter } = ports[shard]!;
  const shards = ports.map(
    (other) =>
      `<shard><internal_replication>false</internal_replication><replica>` +
      `<host>127.0.0.1</host><port>${other.tcp}</port></replica></shard>`,
  );
  writeFileSync(
    join(home, 'config.xml'),
    `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${home}/log/server.log</log><errorlog>${home}/log/error.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
  <interserver_http_port>${inter}</interserver_http_port><interserver_http_host>127.0.0.1</interserver_http_host>
  <max_connections>64</max_connections><keep_alive_timeout>3</keep_alive_timeout>
  <uncompressed_cache_size>8388608</uncompressed_cache_size><mark_cache_size>16777216</mark_cache_size>
  <path>${home}/data/</path><tmp_path>${home}/tmp/</tmp_path>
  <user_files_path>${home}/user_files/</user_files_path><format_schema_path>${home}/format_schemas/</format_schema_path>
  <users_config>${home}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <timezone>UTC</timezone>
  <remote_servers><authlog>${shards.join('')}</authlog></remote_servers>
</yandex>
`,
  );
  const user = (password: string): string =>
    `<password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>`;
  writeFileSync(
    join(home, 'users.xml'),
    `<?xml version="1.0"?>
<yandex>
  <profiles><default><max_memory_usage>1000000000</max_memory_usage><max_threads>2</max_threads></default></profiles>
  <users><default>${user('')}</default><${USER}>${user(PASSWORD)}</${USER}></users>
  <quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas>
</yandex>
`,
  );
};
