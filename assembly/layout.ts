// The memory map. What a table holds is told where it is used; the host reads the exported places.

/** The longest token, in characters, that the kernel takes on. */
export const LONGEST_TOKEN: i32 = 8192;

/** Tokens whose tables are fetched together: memory answers many questions in the time of one. */
export const BATCH: i32 = 32;

export const MOST_HEADERS: i32 = 32;
export const HEADER_SIZE: i32 = 1024;
export const LONGEST_HEADER: i32 = 960;
export const MOST_KEY_SLOTS: i32 = 64;
export const KEY_SLOT_SIZE: i32 = 256;
export const MOST_NAMES: i32 = 160;
export const NAME_ENTRY: i32 = 128;
export const NAME_SLOT_COUNT: i32 = 512;
export const MOST_IDENTITIES: i32 = 1 << 18;
export const IDENTITY_SIZE: i32 = 8;
export const SPELLINGS_SIZE: i32 = 16 << 20;
export const MOST_SLOW_RANGES: i32 = 4096;
/** Of lines' fields: ids of texts until they start over, and a power of two above. */
export const MOST_TEXTS: i32 = 1 << 16;
export const TEXT_SLOT_COUNT: i32 = 1 << 17;
export const TEXT_PLACE_SIZE: i32 = 16;
export const TEXTS_SIZE: i32 = 8 << 20;
export const MOST_QUEUED: i32 = 256;
export const TEXT_QUEUE_ENTRY: i32 = 24;

/** What the host writes for the kernel to read: a header, a name, a key block. */
export const EXCHANGE: usize = 0x10000;
export const EXCHANGE_SIZE: usize = 0x1000;
export const HEADERS: usize = EXCHANGE + EXCHANGE_SIZE;
export const KEY_SLOTS: usize = HEADERS + MOST_HEADERS * HEADER_SIZE;
export const NAMES: usize = KEY_SLOTS + MOST_KEY_SLOTS * KEY_SLOT_SIZE;
export const NAME_SLOTS: usize = NAMES + MOST_NAMES * NAME_ENTRY;
/** Lane work: message schedules, states, tails, queues. */
export const LANES: usize = NAME_SLOTS + NAME_SLOT_COUNT;
export const LANES_SIZE: usize = 0x10000;
/** Decoded claims of the tokens of a batch. */
export const JSON: usize = LANES + LANES_SIZE;
/** Lines and names of a batch. */
export const BATCH_LINES: usize = JSON + BATCH * LONGEST_TOKEN + 64;
export const MOST_BATCH_LINES: i32 = 64;
export const BATCH_NAMES: usize = BATCH_LINES + MOST_BATCH_LINES * 20;
/** Where what is asked for together lies. */
export const BATCH_PLACES: usize = BATCH_NAMES + 2 * BATCH * 32;
/** Records whose signatures the host checks. */
export const CHECKS: usize = BATCH_PLACES + 2 * BATCH * 4;
export const SLOW_RANGES: usize = CHECKS + 2 * BATCH * 4;
export const IDENTITIES: usize = SLOW_RANGES + MOST_SLOW_RANGES * 12;
export const IDENTITY_NUMBERS: usize = IDENTITIES + MOST_IDENTITIES * IDENTITY_SIZE;
export const IDENTITY_SETS: usize = (IDENTITY_NUMBERS + MOST_IDENTITIES * 4 + 63) & ~63;
export const CACHE_SETS: usize = IDENTITY_SETS + MOST_IDENTITIES * 16;
export const MOST_CACHE_SETS: i32 = 1 << 13;
export const CACHE_SET_SIZE: i32 = 64;
export const CACHE_SEEN: usize = CACHE_SETS + MOST_CACHE_SETS * CACHE_SET_SIZE;
export const SEEN_SLOTS: i32 = 1 << 16;
export const RING: usize = CACHE_SEEN + SEEN_SLOTS * 2;
/** A power of two. */
export const RING_SIZE: i32 = 8 << 20;
/** First blocks of messages; a power of two. */
export const MOST_PREFIXES: u32 = 1 << 8;
export const PREFIXES: usize = RING + RING_SIZE + 64;
/** First blocks of the tokens of an identity, by its number. */
export const MOST_OWN_PREFIXES: u32 = 1 << 15;
export const OWN_PREFIXES: usize = (PREFIXES + <usize>MOST_PREFIXES * 128 + 63) & ~63;
export const SPELLINGS: usize = OWN_PREFIXES + <usize>MOST_OWN_PREFIXES * 64;
/** Only audits touch what lies from here to the tables, so nobody else needs the memory. */
export const TEXT_SLOTS: usize = (SPELLINGS + SPELLINGS_SIZE + LONGEST_TOKEN * 2 + 0xffff) & ~0xffff;
export const TEXT_PLACES: usize = TEXT_SLOTS + TEXT_SLOT_COUNT * 8;
export const LAST_NAMES: usize = TEXT_PLACES + MOST_TEXTS * TEXT_PLACE_SIZE;
export const TEXT_QUEUE: usize = LAST_NAMES + 0x2000;
export const TEXTS: usize = TEXT_QUEUE + 0x2000;
/** Tables of a block, then its bytes: sized by the longest block so far. */
export const TABLES: usize = (TEXTS + TEXTS_SIZE + 0x1ffff) & ~0xffff;
