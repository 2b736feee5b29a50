import { isShardDown } from './errors.ts';
import type { Server } from './server.ts';
import { literal } from './sql.ts';

interface ShardRow {
  readonly shard_num: number;
  readonly host_name: string;
  readonly port: number;
}

/** The servers of a cluster as one of them knows them; none where it does not know the cluster. */
export const clusterMembers = (server: Server, cluster: string): Promise<readonly ShardRow[]> =>
  server.rows<ShardRow>(
    `SELECT shard_num, host_name, port FROM system.clusters WHERE cluster = ${literal(cluster)} ORDER BY shard_num, replica_num`,
  );

/** Names of the shards of which no replica answers the server. */
export const missingShards = async (
  server: Server,
  cluster: string,
): Promise<readonly string[]> => {
  const members = await clusterMembers(server, cluster);
  const checked = await Promise.all(
    members.map(async (member) => ({ member, isThere: await reaches(server, member) })),
  );
  const present = new Set(checked.filter((c) => c.isThere).map((c) => c.member.shard_num));
  const missing = new Map<number, string[]>();
  for (const { shard_num: number, host_name: host, port } of members) {
    if (present.has(number)) continue;
    missing.set(number, [...(missing.get(number) ?? []), `${host}:${port}`]);
  }
  return [...missing].map(([number, hosts]) => `shard ${number} (${hosts.join(', ')})`);
};

/** A server that refuses the user is there: the cluster may have another user for this. */
const reaches = async (server: Server, { host_name: host, port }: ShardRow): Promise<boolean> => {
  const address = literal(`${host.includes(':') ? `[${host}]` : host}:${port}`);
  try {
    await server.rows(`SELECT 1 AS one FROM remote(${address}, system, one)`);
    return true;
  } catch (error) {
    return !isShardDown(error);
  }
};
