import { createServer, type IncomingMessage, type Server } from 'node:http';
import { drain } from '../guard/drain.ts';
import { readFields } from '../guard/fields.ts';
import { clientIp } from '../guard/forwarded.ts';
import { listen, type Place } from '../guard/listen.ts';
import type { Peers } from '../guard/peers.ts';
import type { App } from './app.ts';

/** The page as a running server. */
export interface PageServer {
  /** Where it listens. */
  readonly address: string;
  /** Ends what listens, answers what was asked. */
  stop(): Promise<void>;
}

const DRAIN_MS = 5000;
const MOST_CONNECTIONS = 2000;

/** Starts to listen. Rejects with USAGE where that can't be. `peers`: proxies that tell whom they stand for. */
export const startPageServer = async (
  app: App,
  place: Place,
  peers: Peers,
): Promise<PageServer> => {
  const { getRequestListener } = await import('@hono/node-server');
  const listener = getRequestListener(
    (request, bindings) => {
      const incoming = bindings.incoming as IncomingMessage;
      const target = (incoming.url ?? '/').replace(ABSOLUTE, '') || '/';
      return app.fetch(request, { address: clientOf(incoming, peers), target });
    },
    {
      overrideGlobalObjects: false,
      // What is no request at all, such as one without a name of the host.
      errorHandler: () => new Response(null, { status: 400 }),
    },
  );
  const server: Server = createServer(
    {
      maxHeaderSize: 32 * 1024,
      headersTimeout: 5000,
      requestTimeout: 10_000,
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 1000,
      insecureHTTPParser: false,
    },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = MOST_CONNECTIONS;
  const address = await listen(server, place, '--listen');
  return {
    address,
    stop: async () => {
      app.live.stop();
      await drain(server, DRAIN_MS);
    },
  };
};

/** A target may name the host as well (RFC 9112 section 3.2.2). */
const ABSOLUTE = /^https?:\/\/[^/?]*/i;

/** Null over a unix socket from a proxy that does not tell. */
const clientOf = ({ socket, rawHeaders }: IncomingMessage, peers: Peers): string | null => {
  const address = socket.remoteAddress ?? null;
  const isProxy = address === null || peers.trusts(socket);
  return (isProxy ? clientIp(readFields(rawHeaders), peers) : null) ?? address;
};
