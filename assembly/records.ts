// Records of the tokens and lines of a block, in tables behind `TABLES`; sized by the block's length.
import { BATCH, LONGEST_TOKEN, TABLES } from './layout';

export const TOKEN_SIZE: usize = 144;
export const TOKEN_START: usize = 0;
export const TOKEN_END: usize = 4;
/** End of the signing input: the second dot. */
export const TOKEN_INPUT_END: usize = 8;
/** Index of the line. */
export const TOKEN_LINE: usize = 12;
/** NumericDates in seconds, NaN where absent. */
export const TOKEN_EXP: usize = 16;
export const TOKEN_NBF: usize = 24;
/** What `identify` told. */
export const TOKEN_IDENTITY: usize = 32;
/** While its signature is not checked: how many bytes are hashed already, and where the first block's hash is to be kept. */
export const TOKEN_TAKEN: usize = 36;
export const TOKEN_PREFIX: usize = 40;
/** Then the token's fingerprint. */
export const TOKEN_HIGH: usize = 36;
export const TOKEN_LOW: usize = 40;
/** Index of the key that verified, -1 for none. */
export const TOKEN_KEY: usize = 44;
export const TOKEN_STATE: usize = 48;
/** Place of the header's entry, and how many of its keys were tried. */
export const TOKEN_HEADER: usize = 52;
export const TOKEN_TRIED: usize = 56;
export const TOKEN_HASH: usize = 60;
/** Decoded signature, up to 64 bytes, and what decoding writes behind it. */
export const TOKEN_SIGNATURE: usize = 64;
/** Of a message for SHA-256 the hash values with which to begin: behind the 32 bytes of its signature, and what decoding writes there. */
export const TOKEN_MIDSTATE: usize = 112;
/** Of a signature that the host checks: where it lies decoded until the next batch, and its bytes. */
export const TOKEN_SIGNATURE_PLACE: usize = 64;
export const TOKEN_SIGNATURE_SIZE: usize = 68;

export const PENDING: u32 = 0;
export const VERIFIED: u32 = 1;
export const FORGED: u32 = 2;
/** The host's to judge. */
export const UNUSUAL: u32 = 3;

/** Of an object, or of a token with a stamp and no more; of an entry of an access log. */
export const KNOWN: u32 = 1;
export const KNOWN_ACCESS: u32 = 2;

export const LINE_SIZE: usize = 32;
export const LINE_START: usize = 0;
/** Without the line break. */
export const LINE_END: usize = 4;
/** HTTP status, 0 for none. */
export const LINE_STATUS: usize = 8;
/** Whether time and status are known: 0 for no, then what the line is. */
export const LINE_KNOWN: usize = 12;
/** Milliseconds, NaN for none. */
export const LINE_TIME: usize = 16;

/** Number of the line in the block, from 0. */
export const LINE_NUMBER: usize = 24;

/** What a line says beside its tokens, for audits: see fields.ts. */
export const FIELDS_SIZE: usize = 32;
export const FIELDS_WAY: usize = 0;
/** Ids of texts, -1 for none. */
export const FIELDS_IP: usize = 4;
export const FIELDS_AGENT: usize = 8;
export const FIELDS_METHOD: usize = 12;
export const FIELDS_PATH: usize = 16;
export const FIELDS_EVENT: usize = 20;
/** A hash, -1 for none, NaN where the first four bytes are the id of a text. */
export const FIELDS_REQUEST: usize = 24;
// Ways of a line: the host's; read; with none of the fields; read if the host finds address and method to be such.
export const SLOW: u32 = 0;
export const READ: u32 = 1;
export const EMPTY: u32 = 2;
export const ACCESS: u32 = 3;

/** No token that the kernel takes is shorter: a header, a claims set and 43 characters. */
const SHORTEST_TOKEN: usize = 60;

/** Of a block that the tables hold. */
export let capacity: usize = 0;
export let tokens: usize = 0;
export let lines: usize = 0;
export let columns: usize = 0;
export let fields: usize = 0;
/** Where the host may put a block, and where the block lies that is being read. */
export let room: usize = 0;
export let block: usize = 0;

export function setBlock(at: usize): void {
  block = at;
}

/** Makes room for blocks of `length` bytes; false where memory ran out. */
export function reserve(length: usize): bool {
  if (length <= capacity) return true;
  const count = length / SHORTEST_TOKEN + 2 * BATCH;
  tokens = TABLES;
  lines = tokens + count * TOKEN_SIZE;
  columns = lines + count * LINE_SIZE;
  fields = (columns + count * 32 + 0x3f) & ~0x3f;
  room = fields + ((count * FIELDS_SIZE + 0x3f) & ~0x3f);
  const end = room + length + LONGEST_TOKEN + 64;
  const have = <usize>memory.size() << 16;
  if (end > have && memory.grow(<i32>((end - have + 0xffff) >> 16)) < 0) return false;
  capacity = length;
  return true;
}
