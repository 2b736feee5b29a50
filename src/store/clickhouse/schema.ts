import type { ClickHouseAddress } from './url.ts';

/** Names of the tables of a store. */
export interface Tables {
  readonly database: string;
  /** All events: of one server, or of all shards. */
  readonly events: string;
  /** The events of one server. */
  readonly local: string;
  readonly checkpoints: string;
}

export const tablesOf = ({ database, cluster }: ClickHouseAddress): Tables => ({
  database,
  events: `${database}.${cluster === null ? 'events_local' : 'events'}`,
  local: `${database}.events_local`,
  checkpoints: `${database}.checkpoints`,
});

/** An event as a row: what is searched and grouped by, and the whole of it as JSON. */
export interface EventRow {
  /** Milliseconds; `NO_TIME` for none. */
  readonly time: number;
  readonly event_id: string;
  /** `user_id` as JSON, empty for none. */
  readonly user: string;
  /** Empty for an event without a token. */
  readonly verdict: string;
  readonly token_id: string;
  readonly bearer: string;
  /** 0 for none. */
  readonly status: number;
  readonly ip: string;
  readonly event: string;
  /** Characters of `json`. */
  readonly size: number;
  readonly json: string;
}

/** A source's state, and the sum of its batches' counts: one row, so both or none change. */
export interface CheckpointRow {
  /** The source as JSON; `null` for batches without a source. */
  readonly source: string;
  readonly state: string;
  readonly counts: string;
  readonly version: number;
}

/**
 * The statements that make the tables on each server, in types that servers of any age know. No
 * partitions: lines may claim any time, and a server refuses rows of too many partitions at once.
 */
export const statementsFor = (address: ClickHouseAddress): readonly string[] => {
  const { database, cluster } = address;
  const { events, local, checkpoints } = tablesOf(address);
  const statements = [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    `CREATE TABLE IF NOT EXISTS ${local} (time Int64, event_id String, user String, verdict String, token_id String, bearer String, status Int64, ip String, event String, size Int64, json String) ENGINE = ReplacingMergeTree ORDER BY (time, event_id)`,
    `CREATE TABLE IF NOT EXISTS ${checkpoints} (source String, state String, counts String, version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY source`,
  ];
  if (cluster === null) return statements;
  // By user: what is grouped together lies on one shard.
  const engine = `Distributed(${cluster}, ${database}, events_local, cityHash64(user))`;
  return [...statements, `CREATE TABLE IF NOT EXISTS ${events} AS ${local} ENGINE = ${engine}`];
};
