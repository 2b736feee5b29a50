import { expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { claims, mint } from '../support/tokens.ts';
import { AuditTwins, takeCounts } from './audit-twins.ts';
import { FieldLines } from './random-fields.ts';

const TOKENS = Array.from({ length: 30 }, (_, i) =>
  mint(claims({ sub: `user-${i}` }), i % 9 === 8 ? { secret: 'x'.repeat(40) } : {}),
);
const token = TOKENS[0]!;

interface Kind {
  readonly name: string;
  readonly lines: number;
  /** What is odd, is so once in so many times. */
  readonly odd: number;
  /** Of the lines, the part that the kernel must read. */
  readonly share: number;
}

const KINDS: readonly Kind[] = [
  { name: 'as programs write them', lines: 50_000, odd: 200, share: 0.8 },
  { name: 'with something odd here and there', lines: 35_000, odd: 20, share: 0.4 },
  { name: 'in which nothing is as usual', lines: 20_000, odd: 3, share: 0.02 },
];

test.each(KINDS)('what lines say $name, the kernel and the slow way tell alike', (kind) => {
  const random = createRandom(kind.odd);
  const source = new FieldLines(random, () => random.pick(TOKENS), kind.odd);
  const twins = new AuditTwins();
  takeCounts();
  for (let made = 0; made < kind.lines;) {
    const count = 1 + random.below(800);
    const lines = Array.from({ length: count }, () => source.next());
    twins.judge(`${lines.join('\n')}${random.once(9) ? '' : '\n'}`, random.once(9));
    made += count;
  }
  const { read, left } = takeCounts();
  expect(read / (read + left)).toBeGreaterThan(kind.share);
});

test('where the way of requests is wanted, the kernel tells of the lines that tell none', () => {
  const random = createRandom(11);
  const source = new FieldLines(random, () => random.pick(TOKENS), 100);
  const twins = new AuditTwins({ forwarded: true });
  takeCounts();
  for (let block = 0; block < 60; block++) {
    twins.judge(Array.from({ length: 700 }, () => source.next()).join('\n'));
  }
  const { read, left } = takeCounts();
  expect(read / (read + left)).toBeGreaterThan(0.6);
});

test.each([
  ['-', true],
  ['', true],
  ['unknown', true],
  ['Bearer', true],
  ['198.51.100.7', false],
  ['198.51.100.7, 10.0.0.1', false],
  ['2001:DB8::7,[::1]', false],
  ['cafe', false],
])('behind the user agent stands %j: the kernel tells of the line: %s', (text, isRead) => {
  const twins = new AuditTwins({ forwarded: true });
  const line = `192.0.2.1 - - [22/Sep/2023:09:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-" "x" "${text}" "${token}"`;
  takeCounts();
  twins.judge(line);
  expect(takeCounts().read === 1).toBe(isRead);
  new AuditTwins().judge(line);
  expect(takeCounts().read).toBe(1);
});

const blocksOf = (lines: readonly string[], each: number): string[] =>
  Array.from({ length: Math.ceil(lines.length / each) }, (_, i) =>
    lines.slice(i * each, (i + 1) * each).join('\n'),
  );

test('more texts, names and long texts than there is room for', () => {
  const twins = new AuditTwins();
  const lines = Array.from({ length: 30_000 }, (_, i) => {
    const time = '"time":"2023-09-22T09:00:00Z"';
    const long = i % 3 === 0 ? 'z'.repeat(250) : '';
    return i % 2 === 0
      ? `{${time},"ip":"10.0.${i >> 8}.${i & 255}","ua":"a ${i}${long}","path":"/${i}","x${i}":1,"msg":"m${i}","auth":"${token}"}`
      : `10.1.${i >> 8}.${i & 255} - - [22/Sep/2023:09:00:00 +0000] "GET /b${i} HTTP/1.1" 200 1 "-" "b ${i}${long}" y${i}=1 reqid=a.${i} "${token}"`;
  });
  takeCounts();
  for (const block of blocksOf(lines, 2000)) twins.judge(block);
  // A name that finds no place is left, with its line.
  expect(takeCounts().read).toBeGreaterThan(29_900);
});

test('names that nobody has seen before, more than there are places for', () => {
  const twins = new AuditTwins();
  const lines = Array.from({ length: 4000 }, (_, i) => {
    const members = Array.from({ length: 50 }, (_member, k) => `"n${i * 50 + k}":1`).join(',');
    return `{"ts":1695376800,"ip":"10.0.0.1",${members},"auth":"${token}"}`;
  });
  takeCounts();
  for (const block of blocksOf(lines, 200)) twins.judge(block);
  expect(takeCounts().read).toBeGreaterThan(3600);
});

test('more of them in one block than there is room for', () => {
  const twins = new AuditTwins();
  const lines = Array.from(
    { length: 16_000 },
    (_, i) =>
      `{"ts":1695376800,"ip":"${i}","ua":"${i}","path":"${i}","msg":"${i}","verb":"${i}","auth":"${token}"}`,
  );
  takeCounts();
  twins.judge(lines.join('\n'));
  const { read, left } = takeCounts();
  expect(read).toBeGreaterThan(8000);
  expect(left).toBeGreaterThan(1000);
  twins.judge(lines.slice(0, 10).join('\n'));
  expect(takeCounts()).toEqual({ read: 10, left: 0 });
});

test('the same texts as different fields', () => {
  const texts = ['10.0.0.1', 'GET', '/a?b', '-', 'x'];
  const names = ['ip', 'ua', 'method', 'path', 'reqid', 'msg'];
  const lines = texts.flatMap((text) =>
    names.map((name) => `{"ts":1695376800,"${name}":"${text}","auth":"${token}"}`),
  );
  const access = texts.flatMap((text) =>
    texts.map(
      (method) =>
        `${text} - - [22/Sep/2023:09:00:00 +0000] "${method} ${text} HTTP/1.1" 200 1 "-" "${text}" reqid=${text} "${token}"`,
    ),
  );
  const twins = new AuditTwins();
  for (let i = 0; i < 3; i++) twins.judge([...lines, ...access].join('\n'));
});

test('which of two members counts', () => {
  const members = ['"x"', '"10.0.0.1"', '"10.0.0.2"', '""', 'null', 'true', '"-"', '7', '[]'];
  const names = ['ip', 'ip', 'client_ip', 'remote', 'msg', 'event', 'request_id', 'x_request_id'];
  const lines = names.flatMap((a) =>
    names.flatMap((b) =>
      members.flatMap((first) =>
        members.map(
          (second) => `{"ts":1695376800,"${a}":${first},"${b}":${second},"auth":"${token}"}`,
        ),
      ),
    ),
  );
  const twins = new AuditTwins();
  for (const block of blocksOf(lines, 900)) twins.judge(block);
});

test('a line whose `User Log:` line is the last, torn one of a block', () => {
  const line = `{"ts":1695376800,"ip":"10.0.0.1","auth":"${token}"}`;
  const twins = new AuditTwins();
  for (const behind of ['User Log: a', 'User Log: ', 'User Log:', ' User Log: ip=10.0.0.2']) {
    for (const torn of [true, false]) twins.judge(`${line}\n${line}\n${behind}`, torn);
  }
});

test('every byte in place of one', () => {
  const lines = [
    `{"ts":1695376800,"ip":"::1","ua":"a b","method":"GET","path":"/a?b","reqid":"r1","msg":null,"auth":"${token}"}`,
    `::1 - - [22/Sep/2023:09:00:00 +0000] "GET /a?b HTTP/1.1" 200 12 "-" "a b" reqid=r1 "x" "${token}"`,
  ];
  const twins = new AuditTwins();
  for (const line of lines) {
    for (let at = 0; at < line.indexOf(token); at++) {
      const changed = Array.from(
        { length: 256 },
        (_, byte) => `${line.slice(0, at)}${String.fromCharCode(byte)}${line.slice(at + 1)}\n`,
      );
      changed.push(`${line.slice(0, at)}${line.slice(at + 1)}\n`);
      twins.judge(changed.join(''));
    }
  }
});
