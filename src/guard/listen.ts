import { chmodSync, unlinkSync } from 'node:fs';
import { connect, isIPv6, type Server } from 'node:net';
import { AuthlogError } from '../errors.ts';
import { errorCode, printable } from '../keys/printable.ts';

/** Where a server listens: an address and port, or the path of a unix socket. */
export type Place =
  | { readonly host: string; readonly port: number; readonly path: null }
  | { readonly host: null; readonly port: null; readonly path: string };

const SOCKET_MODE = 0o660;

/** `127.0.0.1:8787`, `[::1]:8787`, `localhost:0` or `unix:/run/guard.sock`. Throws USAGE. */
export const parsePlace = (text: string, flag: string): Place => {
  if (text.startsWith('unix:') && text.length > 5) {
    return { host: null, port: null, path: text.slice(5) };
  }
  const [, bracketed, plain, digits] =
    /^(?:\[([\da-fA-F:.]+)\]|([A-Za-z\d.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) {
    throw new AuthlogError(
      'USAGE',
      `${flag} ${printable(text)} is no place to listen`,
      'Give HOST:PORT such as 127.0.0.1:8787 or [::1]:8787, or unix:/path/to/socket.',
    );
  }
  return { host, port, path: null };
};

/** Listens; resolves to the place as it is shown. Rejects with USAGE where that can't be. */
export const listen = async (server: Server, place: Place, flag: string): Promise<string> => {
  if (place.path !== null) await removeDeadSocket(place.path);
  try {
    await started(server, place);
  } catch (error) {
    const shown = place.path ?? `${place.host}:${place.port}`;
    const code = errorCode(error) ?? 'refused';
    throw new AuthlogError(
      'USAGE',
      `cannot listen on ${printable(shown)}: ${code}`,
      code === 'EADDRINUSE'
        ? `Another program listens there: stop it, or give another ${flag}.`
        : 'Check the address and the permissions.',
    );
  }
  if (place.path !== null) return `unix:${place.path}`;
  const address = server.address();
  if (address === null || typeof address === 'string') return place.host;
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`;
};

const started = (server: Server, place: Place): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    const onListening = (): void => {
      server.off('error', reject);
      resolve();
    };
    if (place.path === null) {
      server.listen({ host: place.host, port: place.port, backlog: 1024 }, onListening);
      return;
    }
    // The socket is made within this call: nobody connects before it has its mode.
    const before = process.umask(0o777 & ~SOCKET_MODE);
    try {
      server.listen({ path: place.path, backlog: 1024 }, onListening);
      chmodSync(place.path, SOCKET_MODE);
    } catch (error) {
      // Where binding failed there is no socket, and the event says why.
      if (errorCode(error) !== 'ENOENT') reject(error);
    } finally {
      process.umask(before);
    }
  });

/** A socket that a killed process left behind is in the way of the next. */
const removeDeadSocket = (path: string): Promise<void> =>
  new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve();
    });
    probe.once('error', (error) => {
      if (errorCode(error) === 'ECONNREFUSED') unlinkQuietly(path);
      resolve();
    });
  });

const unlinkQuietly = (path: string): void => {
  try {
    unlinkSync(path);
  } catch {
    // Listening will say what is wrong.
  }
};
