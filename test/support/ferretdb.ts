import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { accepts, freePorts } from './ports.ts';
import { serviceMissing, startService } from './service.ts';

/** A server that speaks MongoDB's protocol, for the tests of one file. */
export interface MongoService {
  /** `mongodb://HOST:PORT` with user and password where the server asks for them, and its options. */
  readonly url: (database: string, options?: string) => string;
  /** A database that no other test uses. */
  readonly database: () => string;
  /** Null for a server that was not started here. */
  readonly restart: (() => Promise<void>) | null;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const INSTALL =
  'Name a MongoDB in AUTHLOG_TEST_MONGODB_URL or a FerretDB 1.24 in AUTHLOG_FERRETDB, or build one: ' +
  '. .ci/services && build_ferretdb "${XDG_CACHE_HOME:-$HOME/.cache}/authlog-test"';

/** Starts FerretDB, or takes the MongoDB that AUTHLOG_TEST_MONGODB_URL names; null where there is none. */
export const startFerretDb = async (): Promise<MongoService | null> => {
  const external = process.env['AUTHLOG_TEST_MONGODB_URL'] ?? '';
  if (external !== '') return externalService(external);
  const program = findProgram();
  if (program === null) return serviceMissing('A server for MongoDB’s protocol', INSTALL);
  const folder = mkdtempSync(join(tmpdir(), 'authlog-ferretdb-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const [port] = (await freePorts(1)) as [number];
  const args = [
    '--handler=sqlite',
    `--sqlite-url=file:${data}/`,
    `--listen-addr=127.0.0.1:${port}`,
    '--debug-addr=-',
    '--state-dir=-',
    '--telemetry=disable',
    '--log-level=error',
  ];
  const start = (): ReturnType<typeof startService> =>
    startService(program, args, join(folder, 'log'), () => accepts(port));
  let service = await start();
  return {
    url: (database, options = '') => `mongodb://127.0.0.1:${port}/${database}${options}`,
    database: nameDatabase,
    kill: () => service.kill(),
    restart: async () => {
      await service.kill();
      service = await start();
    },
    stop: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

let databases = 0;
const nameDatabase = (): string => `authlog_test_${process.pid}_${databases++}`;

const externalService = (text: string): MongoService => {
  const [, server = '', options = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/]+)[^?]*\??(.*)$/.exec(text) ?? [];
  const withOptions = (own: string): string =>
    [own.replace(/^\?/, ''), options].filter((part) => part !== '').join('&');
  return {
    url: (database, own = '') => {
      const all = withOptions(own);
      return `${server}/${database}${all === '' ? '' : `?${all}`}`;
    },
    database: nameDatabase,
    restart: null,
    kill: async () => undefined,
    stop: async () => undefined,
  };
};

const findProgram = (): string | null => {
  const named = process.env['AUTHLOG_FERRETDB'] ?? '';
  if (named !== '') return existsSync(named) ? named : null;
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const places = [
    '/usr/local/bin',
    ...(process.env['PATH'] ?? '').split(delimiter),
    join(cache, 'authlog-test'),
  ];
  return places.map((folder) => join(folder, 'ferretdb')).find((path) => existsSync(path)) ?? null;
};
