/** A path read in two ways, each a list of segments; a rule holds only where both find it. */
export interface PathReadings {
  /** As RFC 3986 says: percent-decoded once, empty segments kept, upper and lower case apart. */
  readonly strict: readonly string[];
  /** As a lenient server might: without empty segments, parameters, final dots and spaces, case or width. */
  readonly loose: readonly string[];
}

const HEX_PAIR = /%[0-9A-Fa-f]{2}/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
/** Anything that is not visible ASCII, and the delimiters that programs disagree about. */
const SUSPECT = /[^!-~]|[\\#]/;
// oxlint-disable-next-line no-control-regex
const SUSPECT_DECODED = /[\u0000-\u001F\u007F-\u009F/\\]/;
const DOTS = /^\.{1,2}$/;

/** The path without its query; what a fragment would be stays. */
export const withoutQuery = (path: string): string => {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
};

/**
 * Reads a request's path. Null where programs are known to disagree on what it names: encoded
 * slashes, backslashes and controls, invalid or double escapes, dot segments, an authority, a fragment.
 */
export const readPath = (path: string): PathReadings | null => {
  const raw = withoutQuery(path);
  if (raw.charCodeAt(0) !== 0x2f || raw.startsWith('//') || SUSPECT.test(raw)) return null;
  if (BAD_ESCAPE.test(raw)) return null;
  const strict: string[] = [];
  const loose: string[] = [];
  for (const part of raw.slice(1).split('/')) {
    const segment = part.includes('%') ? decodeSegment(part) : part;
    if (segment === null || DOTS.test(segment)) return null;
    const loosened = loosen(segment);
    if (loosened === null) return null;
    strict.push(segment);
    if (loosened !== '') loose.push(loosened);
  }
  return { strict, loose };
};

const decodeSegment = (part: string): string | null => {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    return null;
  }
  return SUSPECT_DECODED.test(text) || HEX_PAIR.test(text) ? null : text;
};

/** A segment as the most lenient reader takes it; null where even that is another's dots or slash. */
export const loosen = (segment: string): string | null => {
  const delimiter = segment.search(DELIMITER);
  const name = delimiter < 0 ? segment : segment.slice(0, delimiter);
  if (delimiter >= 0 && DOTS.test(name)) return null;
  const plain = PLAIN.test(name) ? name : name.normalize('NFKC');
  if (plain !== name && (SUSPECT_DECODED.test(plain) || DOTS.test(plain))) return null;
  let end = plain.length;
  while (end > 0 && (plain[end - 1] === '.' || plain[end - 1] === ' ')) end--;
  return plain.slice(0, end).toLowerCase();
};

const PLAIN = /^[ -~]*$/;
/** What begins a parameter, and what does once it is decoded: a query, a fragment. */
const DELIMITER = /[;?#]/;
