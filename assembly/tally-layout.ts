// The memory map of an instance that keeps tallies.

/** Judges whose identities are told apart, and identities of each. */
export const MOST_ORIGINS: i32 = 64;
export const IDENTITIES_EACH: usize = 1 << 18;
export const ORIGIN_SIZE: usize = IDENTITIES_EACH * 8;
/** Days from 1970 on that have a place of their own. */
export const TALLY_DAYS_COUNT: i32 = 1 << 17;

export const TALLY_TOTALS: usize = 0x10000;
export const TALLY_META: usize = TALLY_TOTALS + 0x10000;
export const TALLY_SCRATCH: usize = TALLY_META + 0x4000;
/** A set's 256 partitions have their slots of 6 bytes in places for 2^11, 2^14 or 2^17 of them, and 64 bytes between. */
export const SET_SIZE: usize = 256 * (((1 << 11) + (1 << 14) + (1 << 17)) * 6 + 3 * 64);
export const TALLY_DAYS: usize = TALLY_SCRATCH + 0xd0000;
export const TALLY_COLUMNS: usize = TALLY_DAYS + <usize>TALLY_DAYS_COUNT * 24;
const COLUMNS_SIZE: usize = 16 << 20;
export const TALLY_ODD: usize = TALLY_COLUMNS + COLUMNS_SIZE;
export const TALLY_ORIGINS: usize = TALLY_ODD + COLUMNS_SIZE / 8;
/** What becomes of the identities that were not met, for each judge as many. */
export const TALLY_MEETINGS: usize = TALLY_ORIGINS + <usize>MOST_ORIGINS * ORIGIN_SIZE;
/** Users by the bytes of their id, and a power of two of slots, twice as many. */
export const MOST_KNOWN_USERS: u32 = 1 << 20;
export const TALLY_KNOWN: usize = TALLY_MEETINGS + <usize>MOST_ORIGINS * ORIGIN_SIZE;
export const TALLY_KNOWN_SLOTS: usize = TALLY_KNOWN + <usize>MOST_KNOWN_USERS * 16;
/** Users who are only claimed: counts by verdict, and the spelling of each. */
export const MOST_CLAIMED: u32 = 1 << 10;
export const TALLY_CLAIMED: usize = TALLY_KNOWN_SLOTS + <usize>MOST_KNOWN_USERS * 2 * 8;
export const TALLY_CLAIMED_SPELLINGS: usize = TALLY_CLAIMED + <usize>MOST_CLAIMED * 64;
/** Spellings of identities, as far as there is room: whoever comes later is the host's. */
export const TALLY_SPELLINGS: usize = TALLY_CLAIMED_SPELLINGS + <usize>MOST_CLAIMED * 4;
export const TALLY_SPELLINGS_SIZE: usize = 64 << 20;
/** For each 4,096 users which chunks hold their bits, one a day. */
export const MOST_DIRECTORIES: u32 = 256;
export const DIRECTORY_SIZE: usize = <usize>TALLY_DAYS_COUNT * 4;
export const TALLY_DIRECTORIES: usize = TALLY_SPELLINGS + TALLY_SPELLINGS_SIZE;
export const CHUNK_SIZE: usize = 512;
export const MOST_CHUNKS: u32 = 1 << 16;
export const TALLY_CHUNKS: usize =
  TALLY_DIRECTORIES + <usize>MOST_DIRECTORIES * DIRECTORY_SIZE;
export const TALLY_SETS: usize = TALLY_CHUNKS + <usize>(MOST_CHUNKS + 1) * CHUNK_SIZE;
/** Tokens that wait to be told apart, for each partition of the set. */
export const WAITING_EACH: u32 = 512;
export const WAITING_SIZE: usize = <usize>WAITING_EACH * 16 + 64;
export const TALLY_WAITING: usize = TALLY_SETS + 2 * SET_SIZE;
/** Distinct tokens of each user, apart from the rest: small enough to be near. */
export const MOST_ROWS: i32 = 1 << 22;
export const TALLY_DISTINCT: usize = TALLY_WAITING + 256 * WAITING_SIZE;
export const TALLY_USERS: usize = TALLY_DISTINCT + <usize>MOST_ROWS * 4;
