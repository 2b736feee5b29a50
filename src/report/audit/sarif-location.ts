import type { Evidence } from '../../audit/finding.ts';

const LONE_SURROGATE = /\p{Cs}/gu;
/** Offsets are of what is inside, not of the file (section 3.30.9). */
const COMPRESSED = /\.(?:gz|gzip|zst|zstd|br|bz2|xz|zlib|lz4)$/i;

/** A `location` (section 3.28) of one piece of evidence; null where no file is known. */
export const locationOf = ({ file, line, offset, token_id, time }: Evidence): object | null => {
  if (file === null) return null;
  const region = {
    ...(line === null ? null : { startLine: line }),
    ...(offset === null || COMPRESSED.test(file) ? null : { byteOffset: offset }),
  };
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(Object.keys(region).length === 0 ? null : { region }),
    },
    properties: { token_id, time, offset },
  };
};

/** A path as a URI reference (RFC 3986): relative paths stay relative, absolute ones get `file://`. */
export const uriOf = (path: string): string => {
  const segments = path.replace(LONE_SURROGATE, '\uFFFD').replaceAll('\\', '/').split('/');
  const encoded = segments.map((segment) =>
    encodeURIComponent(segment).replace(/[!'()*]/g, percent),
  );
  const uri = encoded.join('/');
  if (/^[A-Za-z]:$/.test(segments[0]!) && segments.length > 1) {
    return `file:///${segments[0]}/${encoded.slice(1).join('/')}`;
  }
  // Two slashes at the start would name a host.
  if (path.startsWith('/')) return `file:///${uri.replace(/^\/+/, '')}`;
  return uri;
};

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
