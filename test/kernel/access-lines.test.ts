import { describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { claims, mint, NOW_S } from '../support/tokens.ts';
import { takeTaken, Twins } from './twins.ts';

// Expires between the times of the lines, so that the verdict tells which of them was read.
const token = mint(claims({ exp: NOW_S, nbf: NOW_S - 86_400 * 40 }));

/** Judges lines both ways; returns how many the host had to read. */
const judge = (lines: readonly (string | Buffer)[]): number => {
  const twins = new Twins();
  takeTaken();
  for (let from = 0; from < lines.length; from += 3000) {
    const some = lines.slice(from, from + 3000).flatMap((line) => [Buffer.from(line), NEWLINE]);
    twins.judge(Buffer.concat(some));
  }
  return takeTaken().unread;
};

const NEWLINE = Buffer.from('\n');
const REST = `512 "-" "curl/8.1.2" "Bearer ${token}"`;
const lineOf = ({
  names = '203.0.113.9 - -',
  day = '22/Sep/2023',
  clock = '10:00:00',
  zone = ' +0000',
  behind = '] "',
  request = 'GET /a HTTP/1.1',
  status = '200',
  rest = REST,
} = {}): string => `${names} [${day}:${clock}${zone}${behind}${request}" ${status} ${rest}`;

describe('entries of access logs whose time and status the kernel reads', () => {
  test.each([
    ['of the combined format', {}],
    ['with a user', { names: '10.0.0.1 - ada@example.com' }],
    ['with a token in the address, and others behind', { request: `GET /?t=${token} HTTP/1.1` }],
    ['of another zone', { zone: ' -0730' }],
    ['of nothing', { request: '', status: '408' }],
    ['of the common format', { rest: `0 ${token}` }],
    [
      'with what looks like a time and a status later',
      { request: 'GET /[23/Sep/2023:10:00:00 +0000]' },
    ],
    ['with another status in the agent', { rest: `5 "-" "status=500 HTTP/1.1" 301 ${token}` }],
  ])('%s', (_name, parts) => {
    expect(judge([lineOf(parts), `${lineOf(parts)}\r`])).toBe(0);
  });

  test.each([
    ['an address that is none', { names: '203.0.113 - -' }],
    ['an address of IPv6', { names: '2001:db8::1 - -' }],
    ['a virtual host', { names: 'example.com 203.0.113.9 - -' }],
    ['a quote before the time', { names: '203.0.113.9 - "ada"' }],
    ['a bracket before the time', { names: '203.0.113.9 [x] -' }],
    ['names that are too long', { names: `203.0.113.9 - ${'a'.repeat(600)}` }],
    ['a day without a nought', { day: '2/Sep/2023' }],
    ['a day that the month has not', { day: '31/Sep/2023' }],
    ['a leap second', { clock: '23:59:60' }],
    ['a zone of no earth', { zone: ' +1500' }],
    ['no zone', { zone: '' }],
    ['a fraction', { clock: '10:00:00.123' }],
    ['no request', { behind: '] ' }],
    ['a quote in the request', { request: String.raw`GET \"/a` }],
    ['no status', { status: '-' }],
    ['a status that is none', { status: '099' }],
    ['a longer number', { status: '2000' }],
  ])('not %s', (_name, parts) => {
    expect(judge([lineOf(parts)])).toBe(1);
  });
});

describe('entries of access logs', () => {
  test('every byte in place of one', () => {
    const line = lineOf({ names: '10.0.0.1 - a' });
    const lines: Buffer[] = [];
    for (let at = 0; at < line.indexOf('curl'); at++) {
      for (let byte = 0; byte < 256; byte++) {
        if (byte === 0x0a) continue;
        const other = Buffer.from(line);
        other[at] = byte;
        lines.push(other);
      }
    }
    judge(lines);
  });

  test('cut off anywhere, and with a byte too much', () => {
    const { below } = createRandom(21);
    const line = lineOf({ request: `GET /${token}` });
    const lines = Array.from({ length: line.length }, (_, at) => [
      `${line.slice(0, at)} ${token}`,
      line.slice(0, at) + String.fromCodePoint(32 + below(95)) + line.slice(at),
      line.slice(0, at) + line.slice(at + 1),
    ]).flat();
    judge(lines);
  });

  test('days, clocks, zones and statuses of all kinds', () => {
    const { pick, below } = createRandom(22);
    const two = (n: number): string => String(n).padStart(2, '0');
    const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec sep SEP Sept Foo'.split(' ');
    const names = [
      '1.2.3.4 - -',
      '1.2.3.4 - a b',
      '1.2.3.4  - -',
      '1.2.3.4 -',
      '1.2.3.4 ',
      '1234.1.1.1 - -',
    ];
    const lines = Array.from({ length: 30_000 }, () =>
      lineOf({
        names: pick([names[0]!, pick(names)]),
        day: `${two(below(33))}/${pick(months)}/${pick([1969, 1970, 1999, 2000, 2023, 2024, 2100, 9999])}`,
        clock: `${two(pick([below(24), below(30)]))}:${two(pick([below(60), below(70)]))}:${two(below(62))}`,
        zone: pick([
          ' +0000',
          ` ${pick(['+', '-'])}${two(below(16))}${two(pick([0, 15, 30, 45, below(70)]))}`,
          pick([' +00', ' +00:00', ' Z', ' UTC', '+0000', '.5 +0000', '  +0000']),
        ]),
        status: pick([`${below(700)}`, two(below(99)), '200.5', '20x', '200"']),
      }),
    );
    expect(judge(lines)).toBeLessThan(lines.length);
  });
});
