import type { Random } from '../oracle/random.ts';
import { randomJsonLine } from './random-json-lines.ts';
import { randomStamp } from './random-stamps.ts';

const LABELS = [
  ['Token: ', 'Token: Bearer ', 'Token:  ', 'Token:', 'Token: "', 'Token: (', 'token: '],
  ['X-CSRF-Token: ', 'accessToken: ', 'Token: Token: ', 'TToken: ', 'Token: jwt '],
  ['Token: a=', 'Token: ey', '', 'Bearer ', 'Authorization: Bearer ', 'jwt=', '?token='],
  ['"token":"', 'Token: https://x.example/?t='],
].flat();
const TAILS = [
  ['', '', '', '', ' ', '\t', '\r', '\r\r', '"', '",', '.', '..', '...', '=', '%3D', ',', ';'],
  [')', '*', '***', ' - ok', ' status=200', ' status=401', ' HTTP/1.1" 200 5', '\x0b', '\x0c'],
  ['\0', ' Token: ', 'é', '…', ' eyJ', ' ewo', ' Token: x', ' User Log: ok', '\x1b[0m', '}'],
  ['"}'],
].flat();
const SEPARATORS = [
  ' - ',
  ' ',
  ' -- ',
  ' – ',
  ': ',
  ' [INFO] ',
  ' - auth - INFO - ',
  '] ',
  '',
  ' stdout F ',
];

/** A line of the article's logs: a stamp, the label, the token and no more. */
export const plainLine = (random: Random, token: string): string =>
  `2023-09-22 10:00:0${random.below(4)},${100 + random.below(900)} - Token: ${token}`;

/** An entry of an access log, in one of the usual formats or nearly so. */
const accessLine = ({ pick, below, once }: Random, token: () => string): string => {
  const day = pick(['22/Sep/2023', '22/Sep/2023', '31/Sep/2023', '2/Sep/2023', '22/Sep/1969']);
  const zone = pick([' +0000', ' +0000', ' -0730', '', '.123']);
  const clock = pick(['10:00:01', '10:00:01', '24:00:00', '23:59:60']);
  const status = pick(['200', '201', '299', '300', '401', '500', '099', '600', '-', '2000']);
  const path = once(2) ? `/a?t=${token()}` : '/a';
  const request = pick([`GET ${path} HTTP/1.1`, `GET ${path} HTTP/1.1`, '-', '', `G\\"${path}`]);
  const names = pick([
    '203.0.113.9 - -',
    '::1 - ada',
    'example.com 203.0.113.9 - -',
    '-',
    'x "y" -',
  ]);
  const size = pick([`${below(9999)}`, '-']);
  const rest = once(2)
    ? ` "https://x.example/?${token()}" "curl/8 ${pick(['', 'status=401'])}"`
    : '';
  return `${names} [${day}:${clock}${zone}] "${request}" ${status} ${size}${rest}${once(2) ? ` ${token()}` : ''}`;
};

/** A line with a token, or several, of one of many formats. */
export const randomLine = (random: Random, token: () => string): string => {
  const { pick, once, below } = random;
  const stamp = randomStamp(random);
  switch (below(once(3) ? 10 : 2)) {
    case 0:
      return `${stamp} - Token: ${token()}`;
    case 1:
      return `${stamp} - Token: ${token()}${pick(TAILS)}`;
    case 2:
      return `${stamp}${pick(SEPARATORS)}${pick(LABELS)}${token()}${pick(TAILS)}`;
    case 3:
      return accessLine(random, token);
    case 4:
    case 5:
      return randomJsonLine(random, token);
    case 6:
      return `time=${stamp} level=info status=${pick([200, 403])} token=${token()} other="${token()}"`;
    case 7:
      return `${stamp} ${Array.from({ length: 1 + below(once(6) ? 90 : 5) }, token).join(pick([' ', ',', '\t', '', '.']))}`;
    case 8:
      return pick([
        '',
        ' ',
        'Token: ',
        'Token',
        'To',
        'e',
        'ey',
        'eyJ',
        'eyJ.',
        'eyJ.a.',
        '\r',
        '{',
        stamp,
      ]);
    default:
      return `${pick(['', 'T', 'e', '_', '-', '.', 'eyJ'])}${token()}${pick(TAILS)}`;
  }
};

/** Lines until `count` tokens were asked for; the last one may lack its end. */
export const randomBlock = (
  random: Random,
  count: number,
  plain: number,
  next: () => string,
): { readonly bytes: Buffer; readonly tokens: number } => {
  const { once, pick } = random;
  const lines: string[] = [];
  let tokens = 0;
  const token = (): string => {
    tokens++;
    return next();
  };
  for (let isDone = false; !isDone; isDone = tokens >= count) {
    const line = once(plain) ? randomLine(random, token) : plainLine(random, token());
    lines.push(line, once(40) ? pick(['\r\n', '\n\n']) : '\n');
  }
  if (once(5)) lines.pop();
  return { bytes: Buffer.from(lines.join('')), tokens };
};
