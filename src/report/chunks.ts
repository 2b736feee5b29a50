/** Enough for one write to be worth its price. */
const CHUNK = 64 * 1024;

/** Joins small pieces of text into pieces of about 64 K characters. */
export const chunks = function* (pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
};
