// What the host may call and where it finds things; see src/kernel.
export {
  EXCHANGE,
  MOST_KEY_SLOTS,
  SLOW_RANGES,
  TEXT_PLACES,
} from './layout';
export { block, columns, fields, lines, reserve, room, tokens } from './records';
export { clearCache, configureCache, seedCache } from './cache';
export { addName } from './names';
export { addHeader, BY_HOST, hashInputsOf } from './headers';
export {
  checkedHeader,
  checkedRecord,
  inputEnd,
  inputStart,
  nextCheck,
  settleCheck,
  signatureEnd,
  signatureStart,
} from './checks';
export {
  clearIdentities,
  freshLength,
  freshStart,
  identitiesAreFull,
  numberIdentities,
  seedIdentities,
} from './identities';
export { prepareKey } from './key-slots';
export { seedPrefixes } from './prefixes';
export { configureBatch, slowCount, tokenCount, tokenLineCount, unreadCount } from './batch';
export { askedEnd, askedStart, begin, configureScan, scan, tokenlessCount } from './scan';
export {
  BUCKET_DISTINCT,
  BUCKET_EARLIEST,
  BUCKET_LATEST,
  BUCKET_TOKENS,
  KEY_TOTALS,
  PLACES,
  VERDICT_TOTALS,
} from './tally';
export {
  MOST_ROWS,
  ORIGIN_SIZE,
  TALLY_CLAIMED,
  TALLY_CLAIMED_SPELLINGS,
  TALLY_COLUMNS,
  TALLY_DAYS,
  TALLY_DISTINCT,
  TALLY_ODD,
  TALLY_ORIGINS,
  TALLY_SCRATCH,
  TALLY_USERS,
} from './tally-layout';
export { settleDistinct } from './distinct';
export { JSON_PIECES } from './json-pieces';
export { jsonLength, USERS_JSON, writeUsers } from './user-json';
export { ORDERED_ROWS, orderUsers } from './user-order';
export { configureSet, isFull, sizeOf } from './fingerprints';
export { addRow, addTokens, nextDay, oddCount, rowCount, startTally } from './tally';
export {
  claim,
  claimedCount,
  claimedOverflow,
  forgetMeetings,
  learnSpellings,
  nameUser,
  roomForSpellings,
} from './meetings';
export {
  addTarget,
  GUESS_KEYS,
  GUESS_SIGNATURE,
  GUESS_TEXT,
  MOST_GUESSES,
  MOST_TARGETS,
  MOST_TEXT_BLOCKS,
  startGuesses,
  tryGuesses,
} from './guess';
export { findWords, reserveText, WORD_SIZE, words, WORDS_TEXT } from './words';
export { addFieldName, nameEnd, nameStart, readFields, startFields } from './fields';
export { configureFields } from './fields-access';
export { clearTexts, textCount, textsAreFull } from './texts';
export { holdsUserLog } from './user-log';
export { acceptedAnyway, configureClock, expLooksLikeMs, finish, noExpiry } from './verdicts';
