import { AuthlogError } from '../../errors.ts';

/** Where events are in ClickHouse. */
export interface ClickHouseAddress {
  readonly hosts: readonly string[];
  readonly isSecure: boolean;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Name of a cluster of the servers' configuration; null for one server. */
  readonly cluster: string | null;
}

const SHAPE =
  /^clickhouse(s?):\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?([^@/?]*)(?:\/([^/?@]*))?(?:\?(.*))?$/s;
const HOST = /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]{2,45}\])(?::\d{1,5})?$/;
const NAME = /^[A-Za-z_]\w{0,127}$/;

/** Reads `clickhouse[s]://[user:password@]host[:port][,host…]/database?cluster=NAME`; throws USAGE. */
export const parseClickHouseUrl = (text: string): ClickHouseAddress => {
  const match = SHAPE.exec(text);
  if (match === null) throw noUrl();
  const [, secure, user = 'default', password = '', list = '', path = '', query = ''] = match;
  const port = secure === 's' ? 8443 : 8123;
  const hosts = list.split(',').map((host) => {
    if (!HOST.test(host)) throw noUrl();
    return /:\d+$/.test(host) ? host : `${host}:${port}`;
  });
  const database = decoded(path === '' ? 'authlog' : path);
  if (!NAME.test(database)) throw noName('database', 'clickhouse://HOST:8123/DATABASE');
  const cluster = readCluster(query);
  if (cluster === null && hosts.length > 1) {
    throw new AuthlogError(
      'USAGE',
      'several servers of ClickHouse are one store only as a cluster',
      'Name it: clickhouse://HOST,HOST/DATABASE?cluster=NAME.',
    );
  }
  return {
    hosts: [...new Set(hosts)],
    isSecure: secure === 's',
    user: decoded(user),
    password: decoded(password),
    database,
    cluster,
  };
};

const readCluster = (query: string): string | null => {
  let cluster: string | null = null;
  for (const option of query.split('&').filter((text) => text !== '')) {
    if (!option.startsWith('cluster=')) {
      throw new AuthlogError(
        'USAGE',
        'the URL of a ClickHouse store has no options but cluster=',
        'Write clickhouse://HOST:8123/DATABASE?cluster=NAME.',
      );
    }
    cluster = decoded(option.slice('cluster='.length));
    if (!NAME.test(cluster)) throw noName('cluster', '?cluster=NAME');
  }
  return cluster;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const noName = (what: string, form: string): AuthlogError =>
  new AuthlogError(
    'USAGE',
    `the name of a ${what} consists of letters, digits and _`,
    `Name another one: ${form}.`,
  );

const noUrl = (): AuthlogError =>
  new AuthlogError(
    'USAGE',
    'this is no URL of a ClickHouse database',
    'Write clickhouse://HOST:8123/DATABASE; in user and password, %40 stands for @ and %2F for /.',
  );
