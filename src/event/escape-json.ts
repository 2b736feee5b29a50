/** Printable ASCII and line breaks: the usual text, returned as it is. */
const PLAIN = /^[\n -~]*$/;

/** Code points that JSON allows raw but that act on a terminal or in JavaScript source. */
const JSON_UNSAFE = /[\x7F-\x9F\xAD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;
const TAG_OR_LONE = /[\p{Cs}\u{E0000}-\u{E007F}]/gu;

const jsonUnits = (match: string): string => {
  let escaped = '';
  for (let at = 0; at < match.length; at++) {
    escaped += `\\u${match.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
};

/**
 * Takes finished JSON text and writes DEL, C1, U+2028/2029, bidi, zero-width, tag and unpaired code units as
 * `\uXXXX` (RFC 8259 section 7): the parsed value stays the same.
 */
export const escapeJsonText = (json: string): string =>
  PLAIN.test(json) ? json : json.replace(JSON_UNSAFE, jsonUnits).replace(TAG_OR_LONE, jsonUnits);
