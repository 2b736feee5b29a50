/** Bytes judged before the first worker is started: starting one costs as much as judging these. */
export const INLINE_BYTES: number = 32 << 20;
/** The same where signatures are asymmetric: these take far longer. */
export const INLINE_SLOW_BYTES: number = 4 << 20;
