import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

const GRACE_MS = 500;
const LOOK_EVERY_MS = 50;

/**
 * Stops accepting and waits for the requests under way, at most `limit` milliseconds. Idle
 * connections get a moment first: a request may be on its way on them, and its answer says `close`.
 */
export const drain = async (server: Server, limit: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => {
    // The server's own `close` would end idle connections at once.
    NetServer.prototype.close.call(server, () => resolve());
  });
  const startedAt = Date.now();
  const timer = setInterval(() => {
    const waited = Date.now() - startedAt;
    if (waited >= limit) server.closeAllConnections();
    else if (waited >= GRACE_MS) server.closeIdleConnections();
  }, LOOK_EVERY_MS);
  await closed;
  clearInterval(timer);
  // Only stops the interval that looks for slow requests.
  server.close();
};
