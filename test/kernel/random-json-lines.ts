import type { Random } from '../oracle/random.ts';
import { randomStamp } from './random-stamps.ts';

export const TIME_NAMES: readonly string[] = [
  ['@timestamp', 'timestamp', 'time', 'ts', 't', 'Timestamp', 'Time', 'TIMESTAMP', 'TS'],
  ['datetime', 'asctime', 'eventTime', 'event_time', 'time_iso8601', 'StartUTC', 'time_local'],
  ['msec', 'date', 'timestampMs', 't.$date', '$date', '__REALTIME_TIMESTAMP', 'times', 'tim'],
  ['timestampm'],
].flat();
export const STATUS_NAMES: readonly string[] = [
  ['status', 'statusCode', 'status_code', 'http_status', 'httpStatus', 'http_status_code'],
  ['DownstreamStatus', 'OriginStatus', 'response_status', 'responseStatus', 'response_code'],
  ['res.statusCode', 'res.status', 'response.status', 'http.response.status_code'],
  ['http.status', 'httpRequest.status', 'statuses', 'Status', 'DownstreamStatuz'],
].flat();
const HOLDERS = ['res', 'response', 'http', 'httpRequest', 't', 'req', 'x', 'time', 'status'];
const OTHER_NAMES = [
  'level',
  'msg',
  'log',
  'stream',
  'MESSAGE',
  'x',
  '',
  'a.b',
  'é',
  String.raw`\u0074s`,
  '__proto__',
];

export const NUMBERS: readonly string[] = [
  ['1695376800', '1695376800123', '1695376800123456', '1695376800123456789', '1695376800.5'],
  ['1e9', '999999999', '1000000000', '4102444799', '4102444800', '4102444799999'],
  ['4102444800000', '16953768e2', '4102444799999999', '999999999999', '1000000000000'],
  ['-1695376800', '01695376800', '0', '1695376800.0'],
].flat();
export const STATUSES: readonly string[] = [
  ['200', '204', '299', '300', '401', '99', '100', '599', '600', '0', '-200', '200.0', '2e2'],
  ['0200', '"200"', '" 401 "', '"ok"', '20000', '2000000000000000', 'null', 'true', '{}'],
  ['[200]', '""'],
].flat();
export const OTHERS: readonly string[] = [
  ['"x"', '""', 'null', 'true', 'false', '[]', '{}', '[1,2]', '{"x":1}', '-1.5e+3', '0', '01'],
  ['1.', '-', String.raw`"a\"b"`, '"é"', '"{"', '"}"', 'tru', 'NaN', "'x'"],
  ['[[[[[[[[[1]]]]]]]]]', '[1,]', '"\t"', '["a" , {"b" :[]}]', '"stdout"'],
  ['"2023-09-22 10:00:00 login status=200"', '[72,105]', '"GET / HTTP/1.1\\" 200 5"'],
].flat();

const timeValue = (random: Random): string => {
  const { pick, once } = random;
  if (once(3)) return pick(once(3) ? NUMBERS : ['1695376800', '1695376801', '1695376801500']);
  const stamp = randomStamp(random);
  return `"${once(2) ? stamp.replace(' ', 'T') : stamp}${pick(['', '', 'Z', 'Z', '+02:00', ' ', ' x'])}"`;
};

const spaced = ({ once, pick }: Random): string => (once(12) ? pick([' ', '\t', '  ', '\r']) : '');

const member = (random: Random, depth: number, token: () => string): string => {
  const { pick, below, once } = random;
  const named = (name: string, value: string): string =>
    `${spaced(random)}"${name}"${spaced(random)}:${spaced(random)}${value}${spaced(random)}`;
  switch (below(7)) {
    case 0:
      return named(pick(TIME_NAMES), once(5) ? pick(OTHERS) : timeValue(random));
    case 1:
      return named(pick(STATUS_NAMES), pick(STATUSES));
    case 2:
      return depth > 4
        ? named('deep', '1')
        : named(pick(HOLDERS), object(random, below(4), depth + 1, token));
    case 3:
      return named(
        pick(['token', 'authorization', 'auth']),
        `"${pick(['', 'Bearer '])}${token()}"`,
      );
    case 4:
      return named(pick(OTHER_NAMES), pick(OTHERS));
    default:
      return named(
        pick(['level', 'msg', 'pid', 'name', 'service']),
        pick(['"info"', '30', '"login"']),
      );
  }
};

const object = (random: Random, count: number, depth: number, token: () => string): string => {
  const members = Array.from({ length: count }, () => member(random, depth, token));
  return `{${members.join(random.once(40) ? wrongJoint(random) : ',')}}`;
};

const wrongJoint = ({ pick }: Random): string => pick([', ', ',,', ' ', ';']);

/** A line that is one JSON object, or was meant to be; asks for one token at least. */
export const randomJsonLine = (random: Random, token: () => string): string => {
  const { once, below } = random;
  const bearer = `"headers":{"authorization":"Bearer ${token()}"}`;
  if (!once(3)) {
    // As services write them: time, level, message, status, token.
    const time = `"${random.pick(TIME_NAMES.slice(0, 8))}":${timeValue(random)}`;
    const level = '"level":"info","msg":"login"';
    const statusName = random.pick(STATUS_NAMES.slice(0, 8));
    const status = once(3)
      ? `"res":{"statusCode":${random.pick(STATUSES)}}`
      : `"${statusName}":${random.pick(['200', '401'])}`;
    const members = [time, level, ...(once(2) ? [status] : []), bearer];
    if (once(4)) members.reverse();
    if (once(5)) members.push(member(random, 0, token));
    return `{${members.join(once(6) ? ', ' : ',')}}`;
  }
  const rest = object(random, 1 + below(5), 0, token);
  const line = `{${bearer},${rest.slice(1)}`;
  if (!once(8)) return line;
  const at = below(line.length);
  return (
    line.slice(0, at) +
    random.pick(['', '"', ',', '}', '{', '\\', '0', ' ']) +
    line.slice(at + below(2))
  );
};
