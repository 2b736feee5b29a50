import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { isStoreUrl } from '../source/store-url.ts';

/** What a store URL names: a file of this machine, or a server by its whole URL. */
export type StoreUrl =
  | { readonly kind: 'duckdb'; readonly path: string }
  | { readonly kind: 'mongodb' | 'clickhouse'; readonly url: string };

const SERVERS = /^(mongodb|clickhouse)(?:\+srv|s)?:\/\//;
const FORMS = 'duckdb:PATH, mongodb://HOST/NAME or clickhouse://HOST/NAME';

/** Reads a store URL; throws USAGE for any other text, of which it shows the scheme at most. */
export const parseStoreUrl = (
  url: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): StoreUrl => {
  if (url.startsWith('duckdb:')) {
    const path = url.slice('duckdb:'.length);
    if (path.includes('\0')) throw new AuthlogError('USAGE', 'the path of a store has a NUL in it');
    return { kind: 'duckdb', path: path === '' ? defaultPath(env) : resolve(path) };
  }
  if (isStoreUrl(url)) return { kind: SERVERS.exec(url)![1] as 'mongodb' | 'clickhouse', url };
  const scheme = /^[a-z][a-z\d+.-]{0,20}(?=:)/i.exec(url)?.[0];
  const message =
    scheme === undefined ? 'a store is named by a URL' : `no store is named by ${scheme}:`;
  throw new AuthlogError('USAGE', message, `Name one by ${FORMS}.`);
};

/** The XDG Base Directory Specification: a relative path in the variable counts as none. */
const defaultPath = (env: Readonly<Record<string, string | undefined>>): string => {
  const state = env['XDG_STATE_HOME'];
  const isSet = state !== undefined && isAbsolute(state);
  const folder = isSet ? state : join(env['HOME'] || homedir(), '.local', 'state');
  return join(folder, 'authlog', 'history.duckdb');
};
