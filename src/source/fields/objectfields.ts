import { words } from './text.ts';
import { isLogObject, objectStatus } from './object.ts';
import type { LogObject } from './object.ts';
import { addressOf, methodOf, noEventFields, pathOf, requestOf, textValue } from './value.ts';
import type { EventFields } from './value.ts';

/** Bounds on what is looked at: a log object has tens of keys, a hostile one has millions. */
const MOST_KEYS = 512;
const DEEPEST = 4;
const LONGEST_KEY = 64;

/** What is looked for under many names, in the order in which the kernel and the audit number it. */
export const FIELDS = ['ip', 'userAgent', 'method', 'path', 'requestId', 'event'] as const;

export type Field = (typeof FIELDS)[number];

// Spellings in lower case without `_`, `-`, `.`, `@`: `req.headers["user-agent"]` is `reqheadersuseragent`.
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  ip: words(
    'clientip requestclientip requestremoteip ip remoteip ipaddress ipaddr',
    'remoteaddr remoteaddress reqremoteaddress reqip requestip sourceip',
    'clientaddr clientaddress clienthost requestremoteaddr httprequestremoteip',
    'sourceipaddress sourceaddress srcip realip xrealip httpclientip',
    'identitysourceip requestcontextidentitysourceip remotehost remote client',
    'peer peeraddr peeraddress userip',
  ),
  userAgent: words(
    'useragent useragentoriginal httpuseragent requestuseragent ua agent',
    'requestheadersuseragent reqheadersuseragent headersuseragent requseragent',
    'httprequestuseragent identityuseragent',
  ),
  method: words(
    'method httpmethod requestmethod reqmethod httprequestmethod verb',
    'httprequestrequestmethod',
  ),
  path: words(
    'path uri url requestpath requesturi requesturl requrl reqpath',
    'requri urlpath urloriginal urlfull httppath httpurl httptarget',
    'httprequestrequesturl endpoint route',
  ),
  requestId: words(
    'requestid reqid xrequestid requestheadersxrequestid reqheadersxrequestid',
    'httprequestid correlationid xcorrelationid',
  ),
  event: words('event action msg message eventaction eventname eventtype type'),
};

const MOST_REMEMBERED = 4096;
const remembered = new Map<string, string>();

/** A log has few different names: each is made normal once. */
const normalName = (name: string): string => {
  let normal = remembered.get(name);
  if (normal === undefined) {
    normal = name.replace(/[-_.@ ]/g, '').toLowerCase();
    if (remembered.size === MOST_REMEMBERED) remembered.clear();
    remembered.set(name, normal);
  }
  return normal;
};

/** Headers come as lists: the first one counts. */
const scalarText = (value: unknown): string | null => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first;
  return typeof first === 'number' ? String(first) : null;
};

/** Texts and numbers of an object and the objects in it, by normal name; the shallowest wins. */
const flatten = (object: LogObject): Map<string, string> => {
  const flat = new Map<string, string>();
  let level: [string, LogObject][] = [['', object]];
  let visited = 0;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const below: [string, LogObject][] = [];
    for (const [prefix, part] of level) {
      for (const key in part) {
        if (!Object.hasOwn(part, key) || key.length > LONGEST_KEY) continue;
        visited += 1;
        if (visited > MOST_KEYS) return flat;
        const name = prefix + normalName(key);
        const value = part[key];
        if (isLogObject(value)) below.push([name, value]);
        else {
          const text = scalarText(value);
          if (text !== null && text !== '' && !flat.has(name)) flat.set(name, text);
        }
      }
    }
    level = below;
  }
  return flat;
};

/** What each name may tell, and how many names come before it. */
const MEANINGS: ReadonlyMap<string, readonly (readonly [field: Field, rank: number])[]> = (() => {
  const meanings = new Map<string, [Field, number][]>();
  for (const [field, names] of Object.entries(NAMES)) {
    for (const [rank, name] of names.entries()) {
      meanings.set(name, [...(meanings.get(name) ?? []), [field as Field, rank]]);
    }
  }
  return meanings;
})();

/** What a text under a name of the field says, null for nothing. */
export const READERS: Readonly<Record<Field, (value: string) => string | null>> = {
  ip: addressOf,
  userAgent: textValue,
  method: methodOf,
  path: pathOf,
  requestId: textValue,
  event: textValue,
};

/** The fields that flat names and values tell, status apart; `event` is the message. */
export const namedFields = (
  flat: ReadonlyMap<string, string>,
): EventFields & { event: string | null } => {
  const fields: Record<Field, string | null> = {
    ip: null,
    userAgent: null,
    method: null,
    path: null,
    requestId: null,
    event: null,
  };
  const ranks: Partial<Record<Field, number>> = {};
  for (const [name, text] of flat) {
    for (const [field, rank] of MEANINGS.get(name) ?? NOTHING) {
      if (rank > (ranks[field] ?? Number.POSITIVE_INFINITY)) continue;
      const value = READERS[field](text);
      if (value === null) continue;
      fields[field] = value;
      ranks[field] = rank;
    }
  }
  if (fields.method === null || fields.path === null) {
    const request = requestOf(flat.get('request') ?? flat.get('requestline') ?? '');
    fields.method ??= request?.method ?? null;
    fields.path ??= request?.path ?? null;
  }
  return { ...noEventFields(), ...fields };
};

const NOTHING: readonly (readonly [field: Field, rank: number])[] = [];

/** What a JSON object or Python dict says under any of the usual spellings. */
export const objectFields = (object: LogObject): EventFields & { event: string | null } => {
  const status = objectStatus(object);
  return { ...namedFields(flatten(object)), status: status === 0 ? null : status };
};

/** A name that tells nothing; one whose line the kernel cannot tell of. */
const TELLS_NOTHING = -1;
export const UNUSUAL = -2;

/** Which field a member of a log object by this name tells, by its place in `FIELDS`. */
export const fieldNumber = (name: string): number => {
  if (name.length > LONGEST_KEY) return TELLS_NOTHING;
  const normal = normalName(name);
  if (normal === 'request' || normal === 'requestline') return UNUSUAL;
  const [meaning, another] = MEANINGS.get(normal) ?? NOTHING;
  if (another !== undefined) return UNUSUAL;
  return meaning === undefined ? TELLS_NOTHING : FIELDS.indexOf(meaning[0]);
};

/** The name under which pairs of text are looked up. */
export const pairName = (name: string): string =>
  name.length > LONGEST_KEY ? '' : normalName(name);
