import { decodeBase64url } from './base64url.ts';
import { decodeUtf8 } from './text.ts';

/** A JOSE header (RFC 7515 section 4) as far as a verifier needs it; immutable and shared by all tokens that carry it. */
export interface Header {
  /** Why no token with this header can verify, null where it may. */
  readonly problem: HeaderProblem | null;
  readonly alg: string | null;
  readonly kid: string | null;
  /** `enc` is present: a JWE (RFC 7516) where the token has five parts. */
  readonly encrypts: boolean;
  /** `jwk`, `jku`, `x5u` or `x5c` is present: never used, only remarked. */
  readonly offersKey: boolean;
  readonly typ: string | null;
  /** The parameters that offer a key, and `crit` with the names that it demands. */
  readonly params: readonly string[];
}

export type HeaderProblem =
  | 'header_base64'
  | 'header_utf8'
  | 'header_json'
  | 'header_not_an_object'
  | 'header_alg'
  | 'header_kid'
  | 'crit'
  | 'b64';

const NO_PARAMS: readonly string[] = [];

const problem = (why: HeaderProblem): Header => ({
  problem: why,
  alg: null,
  kid: null,
  encrypts: false,
  offersKey: false,
  typ: null,
  params: NO_PARAMS,
});

const BAD_BASE64 = problem('header_base64');
const BAD_UTF8 = problem('header_utf8');
const BAD_JSON = problem('header_json');
const NOT_AN_OBJECT = problem('header_not_an_object');

/** Reads the encoded header in `bytes[start, end)`; `scratch` must hold its decoded bytes. */
export const parseHeader = (
  bytes: Uint8Array,
  start: number,
  end: number,
  scratch: Uint8Array,
): Header => {
  const length = decodeBase64url(bytes, start, end, scratch);
  if (length < 0) return BAD_BASE64;
  const text = decodeUtf8(scratch, 0, length);
  if (text === null) return BAD_UTF8;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return BAD_JSON;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_AN_OBJECT;
  return describe(new Map(Object.entries(value)));
};

const describe = (members: ReadonlyMap<string, unknown>): Header => {
  const alg = members.get('alg');
  const kid = members.get('kid');
  const typ = members.get('typ');
  const offers = KEY_PARAMS.filter((name) => members.has(name));
  return {
    problem: problemOf(members),
    alg: typeof alg === 'string' ? alg : null,
    kid: typeof kid === 'string' ? kid : null,
    encrypts: members.has('enc'),
    offersKey: offers.length > 0,
    typ: typeof typ === 'string' ? typ : null,
    params: [...offers, ...demandsOf(members.get('crit'))],
  };
};

const KEY_PARAMS: readonly string[] = ['jwk', 'jku', 'x5u', 'x5c'];
const MOST_DEMANDS = 8;

/** The extensions that `crit` demands (RFC 7515 section 4.1.11), as `crit:name`. */
const demandsOf = (crit: unknown): readonly string[] => {
  if (crit === undefined) return NO_PARAMS;
  const names = Array.isArray(crit) ? crit.filter((name) => typeof name === 'string') : [];
  if (names.length === 0) return ['crit'];
  return names.slice(0, MOST_DEMANDS).map((name) => `crit:${name.slice(0, 64)}`);
};

const problemOf = (members: ReadonlyMap<string, unknown>): HeaderProblem | null => {
  if (typeof members.get('alg') !== 'string') return 'header_alg';
  // RFC 7797 section 7: a JWT must not use unencoded payloads.
  if (members.has('b64') && members.get('b64') !== true) return 'b64';
  // RFC 7515 section 4.1.11: an extension that is not understood makes the JWS invalid; we understand none.
  if (members.has('crit')) return 'crit';
  if (members.has('kid') && typeof members.get('kid') !== 'string') return 'header_kid';
  return null;
};

const REMEMBERED = 16;

/**
 * Parses each header once: a log holds few different ones.
 * Bounded: 16 headers, the oldest replaced first.
 */
export class HeaderCache {
  readonly #encoded: Uint8Array[] = [];
  readonly #headers: Header[] = [];
  readonly #scratch: Uint8Array;
  #last = 0;
  #next = 0;

  /** @param longest characters of the longest header that will be asked for */
  constructor(longest: number) {
    this.#scratch = new Uint8Array(Math.ceil((longest * 3) / 4) + 3);
  }

  get(bytes: Uint8Array, start: number, end: number): Header {
    if (this.#is(this.#last, bytes, start, end)) return this.#headers[this.#last]!;
    for (let i = 0; i < this.#encoded.length; i++) {
      if (this.#is(i, bytes, start, end)) {
        this.#last = i;
        return this.#headers[i]!;
      }
    }
    const header = parseHeader(bytes, start, end, this.#scratch);
    this.#last = this.#next;
    // A copy: `slice` of a Buffer would be a view of a block whose memory is used again.
    this.#encoded[this.#next] = new Uint8Array(bytes.subarray(start, end));
    this.#headers[this.#next] = header;
    this.#next = (this.#next + 1) % REMEMBERED;
    return header;
  }

  #is(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#encoded[index];
    if (known === undefined || known.length !== end - start) return false;
    for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
    return true;
  }
}
