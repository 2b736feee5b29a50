import { createHash } from 'node:crypto';

/** What a line of a chained log says of its place in the chain. */
export interface Link {
  readonly writer: string;
  readonly seq: number;
  /** Hash of the record before; null in the first. */
  readonly prev: string | null;
  readonly hash: string;
  /** The hash is that of the line. */
  readonly isIntact: boolean;
}

const MARK = ',"hash":"';
const HASH_LENGTH = 43;
const TAIL_LENGTH = MARK.length + HASH_LENGTH + 2;
const LONGEST = 256;
const LINK =
  /,"writer":"([\w-]{1,64})","seq":([1-9]\d{0,15}),"prev":(?:null|"([\w-]{43})"),"hash":"([\w-]{43})"\}$/;

/** Base64url SHA-256 of a line's bytes up to its member `hash`. */
const hashOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url');

/** A JSON object's line made a link of the chain: `prev` and `hash` become its last members. */
export const chainLine = (
  json: string,
  prev: string | null,
): { readonly line: Buffer; readonly hash: string } => {
  const start = Buffer.from(`${json.slice(0, -1)},"prev":${JSON.stringify(prev)}`);
  const hash = hashOf(start);
  return { line: Buffer.concat([start, Buffer.from(`${MARK}${hash}"}\n`)]), hash };
};

/** The link that a line (without its line break) is; null where it is none. */
export const readLink = (line: Buffer): Link | null => {
  const found = LINK.exec(line.toString('latin1', Math.max(0, line.length - LONGEST)));
  if (found === null) return null;
  const [, writer = '', seq = '', prev = null, hash = ''] = found;
  const isIntact = hashOf(line.subarray(0, line.length - TAIL_LENGTH)) === hash;
  return { writer, seq: Number(seq), prev, hash, isIntact };
};
