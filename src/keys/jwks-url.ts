import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { AuthlogError } from '../errors.ts';
import { isClosedAddress } from './addresses.ts';
import { httpsGet } from './https-get.ts';
import type { Answer } from './https-get.ts';
import { KEY_BYTES_LIMIT } from './io.ts';
import type { HostLookup, KeyIo } from './io.ts';
import { errorCode, printable } from './printable.ts';

const TIMEOUT_SECONDS = 5;
const USE_A_FILE = 'download the key set yourself and pass the file with --key';

const systemLookup: HostLookup = async (hostname) => {
  const { lookup } = await import('node:dns/promises');
  return lookup(hostname, { all: true });
};

const parseUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null)
    throw new AuthlogError('KEY', 'the address of the key set is no URL', USE_A_FILE);
  if (url.protocol !== 'https:') {
    const message = `a key set is fetched by https only, not by ${printable(url.protocol)}//`;
    throw new AuthlogError('KEY', message, USE_A_FILE);
  }
  if (url.username !== '' || url.password !== '') {
    throw new AuthlogError('KEY', 'the URL of a key set must hold no user or password', USE_A_FILE);
  }
  return url;
};

/** The public addresses of the URL's host; throws KEY when one of them is inside a private network. */
const resolveHost = async (
  url: URL,
  name: string,
  lookup: HostLookup,
): Promise<readonly LookupAddress[]> => {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
  if (addresses.length === 0 || addresses.some(({ address }) => isClosedAddress(address))) {
    const message = `${name} leads to a private, loopback or link-local address`;
    throw new AuthlogError('KEY', message, USE_A_FILE);
  }
  return addresses;
};

const readBody = async (answer: Answer, name: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer.body ?? []) {
    total += chunk.length;
    if (total > KEY_BYTES_LIMIT) {
      throw new AuthlogError('KEY', `the key set of ${name} is larger than 1 MiB`, USE_A_FILE);
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
};

const request = async (
  url: URL,
  name: string,
  io: JwksIo,
  signal: AbortSignal,
): Promise<string> => {
  const addresses = await resolveHost(url, name, io.lookup ?? systemLookup);
  const answer: Answer = io.fetch
    ? await io.fetch(url.href, { redirect: 'manual', signal })
    : await httpsGet(url, addresses, signal);
  if (answer.status >= 300 && answer.status < 400) {
    throw new AuthlogError('KEY', `${name} redirects elsewhere`, 'pass the URL that it leads to');
  }
  if (answer.status !== 200) {
    throw new AuthlogError('KEY', `${name} answered with status ${answer.status}`, USE_A_FILE);
  }
  return readBody(answer, name);
};

/** `fetch` hides the system error behind one of its own. */
const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : null);

type JwksIo = Pick<KeyIo, 'fetch' | 'lookup'> & { readonly timeoutMs?: number };

interface KeySetText {
  /** The URL without its query, escaped, for messages. */
  readonly name: string;
  readonly text: string;
}

/**
 * Fetches the text of a key set: https, no redirect, no private address, at most 1 MiB, all within 5 s.
 * The URL comes from the person who runs the program, never from a token (RFC 8725 section 3.10). Throws KEY.
 */
export const fetchJwks = async (address: string, io: JwksIo): Promise<KeySetText> => {
  const url = parseUrl(address);
  const name = printable(url.origin + url.pathname);
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        const message = `${name} did not answer within ${TIMEOUT_SECONDS} s`;
        reject(new AuthlogError('KEY', message, USE_A_FILE));
        late.abort();
      },
      io.timeoutMs ?? TIMEOUT_SECONDS * 1000,
    );
  });
  try {
    // The deadline is raced, not only signalled: a name server that hangs obeys no signal.
    return { name, text: await Promise.race([request(url, name, io, late.signal), deadline]) };
  } catch (error) {
    if (error instanceof AuthlogError) throw error;
    const code = errorCode(error) ?? errorCode(causeOf(error)) ?? 'connection failed';
    throw new AuthlogError('KEY', `cannot fetch ${name}: ${code}`, USE_A_FILE);
  } finally {
    clearTimeout(timer);
    late.abort();
  }
};
