const REMOVED = '[signature removed]';
const DOT = 0x2e;
const PERCENT = 0x25;

/** Characters of base64url. */
const isBase64Url = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2d ||
  code === 0x5f;

const runEnd = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && isBase64Url(text.charCodeAt(at))) at += 1;
  return at;
};

/** Length of a dot at `at`, also percent-encoded as `%2E`; 0 where there is none. */
const dotLength = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  if (code === DOT) return 1;
  if (code !== PERCENT || text.charCodeAt(at + 1) !== 0x32) return 0;
  return (text.charCodeAt(at + 2) | 0x20) === 0x65 ? 3 : 0;
};

// `{"`, `{ ` and `{` with a line break or tab, in base64url, each with every following bit pair.
const HEADER_INSIDE = /ey[A-DI-L]|ew[k-r0-3]/;

/** Whether the run can be a JOSE header: starts like one, or has one glued behind other letters. */
const looksLikeHeader = (run: string): boolean =>
  run.length >= 4 && (run.startsWith('ey') || run.startsWith('ew') || HEADER_INSIDE.test(run));

/** Replaces what follows the second dot, so that the five parts of a JWE lose key and text alike. */
const maskCompact = (text: string): string => {
  if (!text.includes('ey') && !text.includes('ew')) return text;
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const first = runEnd(text, at);
    if (first === at) {
      at += 1;
      continue;
    }
    const dot1 = dotLength(text, first);
    if (dot1 === 0 || !looksLikeHeader(text.slice(at, first))) {
      at = first;
      continue;
    }
    const second = runEnd(text, first + dot1);
    const dot2 = dotLength(text, second);
    let last = dot2 === 0 ? 0 : runEnd(text, second + dot2);
    if (dot2 === 0 || (last === second + dot2 && dotLength(text, last) === 0)) {
      // The second run may itself begin a token.
      at = first + dot1;
      continue;
    }
    for (let dot = dotLength(text, last); dot > 0; dot = dotLength(text, last)) {
      const next = runEnd(text, last + dot);
      if (next === last + dot) break;
      last = next;
    }
    while (text.charCodeAt(last) === 0x3d) last += 1;
    parts.push(text.slice(copied, second + dot2), REMOVED);
    copied = last;
    at = last;
  }
  if (copied === 0) return text;
  parts.push(text.slice(copied));
  return parts.join('');
};

const BEARER = /(bearer(?:\s|%20|\+|:|=|"|'){1,4})([\w.~+/=-]{20,})/gi;
const COMPACT_START = /^e[yw][\w-]*\.[\w-]*\./;

/**
 * The text with the signature of every compact token (`ey….….sig`) replaced by
 * `[signature removed]` and every opaque bearer token of 20 characters or more by `[token removed]`.
 */
export const maskTokens = (text: string): string =>
  maskCompact(
    /bearer/i.test(text)
      ? text.replace(BEARER, (all: string, label: string, token: string) =>
          COMPACT_START.test(token) ? all : `${label}[token removed]`,
        )
      : text,
  );
