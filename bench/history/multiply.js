// More events without reading a log: those that are there are copied by the store itself, under new ids.
import { DuckDBInstance } from '@duckdb/node-api';

const inDuckDb = async (path, copies) => {
  const instance = await DuckDBInstance.create(path, { memory_limit: '512MB' });
  const connection = await instance.connect();
  await connection.run('CREATE TEMP TABLE once AS FROM events');
  for (let copy = 1; copy < copies; copy++) {
    const row = `* REPLACE (event_id || '#${copy}' AS event_id, time + ${copy} * 1000 AS time)`;
    await connection.run(`INSERT INTO events SELECT ${row} FROM once`);
  }
  connection.closeSync();
  instance.closeSync();
};

const inClickHouse = async (url, copies) => {
  const [, host, database] = /^clickhouse:\/\/([^,/]+)[^/]*\/(\w+)/.exec(url);
  const columns = 'user, verdict, token_id, bearer, status, ip, event, size, json';
  for (let copy = 1; copy < copies; copy++) {
    const sql = `INSERT INTO ${database}.events (time, event_id, ${columns})
      SELECT time + ${copy} * 1000, concat(event_id, '#${copy}'), ${columns} FROM ${database}.events
      WHERE position(event_id, '#') = 0`;
    const response = await fetch(`http://${host}/?insert_distributed_sync=1&max_memory_usage=0`, {
      method: 'POST',
      body: sql,
    });
    if (!response.ok) throw new Error(await response.text());
  }
};

/** Makes `copies` events of each; MongoDB has no way to copy that FerretDB knows too. */
export const multiply = async (url, path, copies) => {
  if (url.startsWith('duckdb:')) await inDuckDb(path, copies);
  else if (url.startsWith('clickhouse:')) await inClickHouse(url, copies);
  else throw new Error('--copies is for DuckDB and ClickHouse');
};
