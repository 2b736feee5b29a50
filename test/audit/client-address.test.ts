import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { clientAddress } from '../../src/audit/client-address.ts';
import { emptyContext } from '../../src/audit/examples.ts';
import { createNetworks } from '../../src/audit/network.ts';
import type { Rule } from '../../src/audit/rule.ts';
import type { Use } from '../../src/audit/use.ts';
import { readFields } from '../../src/source/fields/line.ts';
import { ringOf, secretKey } from '../kernel/twins.ts';
import { claims, inputOf, KEYS, mint, NOW, SECRET } from '../support/tokens.ts';
import { runCli } from '../support/cli.ts';

const PROXIES = createNetworks(['10.0.0.0/8', '2001:db8::/32'], 'proxies');

test.each([
  [null, null],
  ['192.0.2.1', '192.0.2.1'],
  ['10.0.0.1', null],
  ['2001:db8::1', null],
  ['192.0.2.1, 10.0.0.1', '192.0.2.1'],
  ['192.0.2.1,10.0.0.2, 2001:db8::1', '192.0.2.1'],
  // What the client wrote before the address that a proxy saw.
  ['203.0.113.9, 192.0.2.1, 10.0.0.1', '192.0.2.1'],
  ['10.9.9.9, 192.0.2.1, 10.0.0.1', '192.0.2.1'],
  // Nobody we trust says where this came from.
  ['192.0.2.1, 198.51.100.1', '198.51.100.1'],
  ['192.0.2.1:4711, 10.0.0.1', '192.0.2.1'],
  ['10.0.0.2, 10.0.0.1', null],
  ['unknown, 10.0.0.1', null],
  ['192.0.2.1, ?, 10.0.0.1', null],
  ['192.0.2.1, , 10.0.0.1', null],
  [`192.0.2.1${', 10.0.0.1'.repeat(31)}`, '192.0.2.1'],
  [`192.0.2.1${', 10.0.0.1'.repeat(32)}`, null],
])('the client of %s is %s', (way, client) => {
  expect(clientAddress(way, PROXIES)).toBe(client);
});

const wayIn = (line: string, forwarded = true): string | null => {
  const bytes = Buffer.from(line);
  const context = { zone: 'UTC', reference: 0, year: null, forwarded };
  return readFields(bytes, 0, bytes.length, context).ip;
};

const combined = (behind: string): string =>
  `10.0.0.1 - - [22/Sep/2023:10:00:00 +0000] "GET /?xff=203.0.113.9 HTTP/1.1" 200 5 "-" "a \\"b\\" xff=203.0.113.9"${behind}`;

describe('the way of a request is told', () => {
  test.each([
    ['behind the user agent', combined(' "192.0.2.1, 10.0.0.2"'), '192.0.2.1, 10.0.0.2, 10.0.0.1'],
    ['nowhere', combined(''), '10.0.0.1'],
    ['by a dash', combined(' "-"'), '10.0.0.1'],
    ['by something else in quotes', combined(' "Bearer 192.0.2.1"'), '10.0.0.1'],
    [
      'as a pair',
      'ip=10.0.0.1 x_forwarded_for="192.0.2.1, 10.0.0.2"',
      '192.0.2.1, 10.0.0.2, 10.0.0.1',
    ],
    ['in JSON', '{"ip":"10.0.0.1","xff":"192.0.2.1"}', '192.0.2.1, 10.0.0.1'],
    ['in JSON, alone', '{"x_forwarded_for":"192.0.2.1"}', '192.0.2.1'],
    [
      'as Caddy has headers, all of their lines',
      '{"request":{"remote_ip":"10.0.0.1","headers":{"X-Forwarded-For":["203.0.113.9","192.0.2.1"]}}}',
      '203.0.113.9, 192.0.2.1, 10.0.0.1',
    ],
    [
      'twice the same',
      '{"ip":"10.0.0.1","xff":"192.0.2.1","a":{"xff":"192.0.2.1"}}',
      '192.0.2.1, 10.0.0.1',
    ],
    [
      'twice and not the same',
      '{"ip":"10.0.0.1","xff":"192.0.2.1","a":{"x-forwarded-for":"203.0.113.9"}}',
      '?, 10.0.0.1',
    ],
    ['in a text within JSON', '{"ip":"10.0.0.1","path":"/?xff=203.0.113.9"}', '10.0.0.1'],
  ])('%s', (_says, line, way) => {
    expect(wayIn(line)).toBe(way);
    expect(wayIn(line, false)).toBe(way.includes('10.0.0.1') ? '10.0.0.1' : null);
  });
});

/** The clients that rules see of a log with a token in each line, by the number of the user. */
const clients = async (lines: readonly string[], hasProxies: boolean): Promise<unknown> => {
  const seen: (readonly [unknown, string | null])[] = [];
  const rule = {
    id: 'AL999',
    thresholds: {},
    verdicts: null,
    start: () => ({ see: ({ token, ip }: Use) => void seen.push([token?.userId, ip]) }),
  } as unknown as Rule;
  const now = Date.parse(NOW);
  await audit({
    inputs: [{ path: '-', kind: 'stdin', size: null, mtime: null, mode: null }],
    stdin: Readable.from([Buffer.from(lines.join(''))]),
    ring: ringOf(secretKey('secret', SECRET)),
    now,
    threads: 1,
    rules: [{ rule, level: null, thresholds: {} }],
    context: emptyContext(now),
    lateness: 0,
    learn: 0,
    clientAddress: hasProxies ? (way) => clientAddress(way, PROXIES) : null,
    findWeakSecrets: null,
  });
  return Object.fromEntries(seen);
};

// Good tokens the kernel judges, the others not.
test.each([SECRET, 'another secret'])('rules see who is behind the proxy (%#)', async (secret) => {
  const line = (address: string, behind: string, n: number): string =>
    `${address} - - [22/Sep/2023:10:00:0${n} +0000] "GET /?t=${mint(claims({ user_id: n }), { secret })} HTTP/1.1" 401 5 "-" "curl/8.5.0"${behind}\n`;
  const json = (n: number): string =>
    `{"time":"2023-09-22T10:00:0${n}Z","ip":"10.0.0.1","xff":"192.0.2.9","token":"${mint(claims({ user_id: n }), { secret })}"}\n`;
  const lines = [
    line('10.0.0.1', ' "192.0.2.7"', 1),
    line('10.0.0.1', ' "203.0.113.9, 192.0.2.7"', 2),
    line('10.0.0.1', '', 3),
    line('192.0.2.8', ' "192.0.2.7"', 4),
    json(5),
  ];
  const direct = { 1: '10.0.0.1', 2: '10.0.0.1', 3: '10.0.0.1', 4: '192.0.2.8', 5: '10.0.0.1' };
  const behind = { 1: '192.0.2.7', 2: '192.0.2.7', 3: null, 4: '192.0.2.8', 5: '192.0.2.9' };
  expect(await clients(lines, false)).toEqual(direct);
  expect(await clients(lines, true)).toEqual(behind);
});

test('--trusted-proxy names the proxies', async () => {
  const none = `${inputOf(claims(), { alg: 'none' })}.`;
  const stdin = `10.0.0.1 - - [22/Sep/2023:10:00:00 +0000] "GET /?t=${none} HTTP/1.1" 401 5 "-" "curl/8.5.0" "192.0.2.7"\n`;
  const flags = ['--secret-file', `${KEYS}/secret`, '--enable', 'AL001', '--json', '-q'];
  const ipBy = async (...more: readonly string[]): Promise<unknown> => {
    const { stdout } = await runCli(['audit', '-', ...flags, ...more], { stdin });
    return (JSON.parse(stdout) as { findings: { ip: string }[] }).findings[0]?.ip;
  };
  expect(await ipBy()).toBe('10.0.0.1');
  expect(await ipBy('--trusted-proxy', '10.0.0.0/8')).toBe('192.0.2.7');
});
