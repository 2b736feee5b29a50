import { expect, test } from 'vitest';
import { lockPath } from '../../src/ingest/locks.ts';

const env = { XDG_STATE_HOME: '/state' };

test('a lock lies beside the file of a store, else in the state folder; one for each log and store', () => {
  const file = { file: '/data/h.duckdb', url: 'duckdb:/data/h.duckdb' };
  const server = { file: null, url: 'clickhouse://db/a' };
  expect(lockPath(file, '/a.log', env)).toMatch(/^\/data\/h\.duckdb\.[\w-]{22}\.lock$/);
  expect(lockPath(server, 'x:/a.log', env)).toMatch(/^\/state\/authlog\/locks\/[\w-]{22}\.lock$/);
  const others = [
    lockPath(server, 'x:/a.log', env),
    lockPath(server, 'x:/b.log', env),
    lockPath({ ...server, url: 'clickhouse://db/b' }, 'x:/a.log', env),
  ];
  expect(new Set(others).size).toBe(3);
});
