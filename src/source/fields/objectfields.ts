import { words } from './text.ts';
import { isLogObject, objectStatus } from './object.ts';
import type { LogObject } from './object.ts';
import { addressOf, methodOf, noEventFields, pathOf, requestOf, textValue } from './value.ts';
import type { EventFields } from './value.ts';

/** Bounds on what is looked at: a log object has tens of keys, a hostile one has millions. */
const MOST_KEYS = 512;
const DEEPEST = 4;
const LONGEST_KEY = 64;

// Spellings in lower case without `_`, `-`, `.`, `@`: `req.headers["user-agent"]` is `reqheadersuseragent`.
const NAMES = {
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

const normalName = (name: string): string => name.replace(/[-_.@ ]/g, '').toLowerCase();

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

const first = (
  flat: ReadonlyMap<string, string>,
  names: readonly string[],
  read: (value: string) => string | null,
): string | null => {
  for (const name of names) {
    const text = flat.get(name);
    const value = text === undefined ? null : read(text);
    if (value !== null) return value;
  }
  return null;
};

/** The fields that flat names and values tell, status apart; `event` is the message. */
export const namedFields = (
  flat: ReadonlyMap<string, string>,
): EventFields & { event: string | null } => {
  const request = requestOf(flat.get('request') ?? flat.get('requestline') ?? '');
  return {
    ...noEventFields(),
    ip: first(flat, NAMES.ip, addressOf),
    userAgent: first(flat, NAMES.userAgent, textValue),
    method: first(flat, NAMES.method, methodOf) ?? request?.method ?? null,
    path: first(flat, NAMES.path, pathOf) ?? request?.path ?? null,
    requestId: first(flat, NAMES.requestId, textValue),
    event: first(flat, NAMES.event, textValue),
  };
};

/** What a JSON object or Python dict says under any of the usual spellings. */
export const objectFields = (object: LogObject): EventFields & { event: string | null } => {
  const status = objectStatus(object);
  return { ...namedFields(flatten(object)), status: status === 0 ? null : status };
};

/** The name under which pairs of text are looked up. */
export const pairName = (name: string): string =>
  name.length > LONGEST_KEY ? '' : normalName(name);
