import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';

/** The two parts of an answer that matter, so that `fetch` and this module can stand in for each other. */
export interface Answer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * One HTTPS GET that connects to the given addresses and no others: a name that was looked up once
 * and found public cannot point elsewhere by the time of the connection. Follows no redirect.
 * `ca` is a PEM certificate to trust beside none of the system's. Rejects with a system error.
 */
export const httpsGet = async (
  url: URL,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
  ca?: string,
): Promise<Answer> => {
  const { get } = await import('node:https');
  const lookup: LookupFunction = (_host, options, done) => {
    if (options.all === true) done(null, [...addresses]);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  };
  const headers = {
    accept: 'application/jwk-set+json, application/json',
    'accept-encoding': 'identity',
  };
  const options = {
    lookup,
    signal,
    headers,
    agent: false as const,
    ...(ca === undefined ? {} : { ca }),
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, options, resolve).on('error', reject);
  });
  return { status: answer.statusCode ?? 0, body: answer };
};
