import { describe, expect, test } from 'vitest';
import { prepareZone } from '../../src/source/fields/zone.ts';
import { createRandom } from '../oracle/random.ts';
import { claims, mint, NOW_S } from '../support/tokens.ts';
import {
  NUMBERS,
  OTHERS,
  randomJsonLine,
  STATUS_NAMES,
  STATUSES,
  TIME_NAMES,
} from './random-json-lines.ts';
import { plainLine, randomLine } from './random-lines.ts';
import { CLOCKS, DATES, FRACTIONS, ZONES } from './random-stamps.ts';
import { takeTaken, Twins, type Setup } from './twins.ts';

// Expires between the times of the lines, so that the verdict tells which of them was read.
const token = mint(claims({ exp: NOW_S, nbf: NOW_S - 86_400 * 40 }));

/** Judges lines some thousands at a time; returns how many times the host had to be asked for. */
const judgeLines = (lines: readonly string[], setup: Setup = {}): number => {
  const twins = new Twins(setup);
  takeTaken();
  for (let from = 0; from < lines.length; from += 3000) {
    twins.judge(lines.slice(from, from + 3000).join('\n'));
  }
  const { unread, tokens } = takeTaken();
  expect(tokens).toBeGreaterThan(0);
  return unread;
};

const stamps = DATES.flatMap((date) =>
  CLOCKS.flatMap((clock) =>
    FRACTIONS.flatMap((fraction) =>
      [' ', 'T', 't'].flatMap((joint) =>
        ZONES.map((zone) => `${date}${joint}${clock}${fraction}${zone}`),
      ),
    ),
  ),
);

describe('times', () => {
  test('every stamp before a token', () => {
    const lines = stamps.map((stamp) => `${stamp} - Token: ${token}`);
    expect(judgeLines(lines)).toBeLessThan(lines.length);
  });

  test('every stamp in a JSON line', () => {
    const lines = stamps.map((stamp) => `{"time":"${stamp}","status":200,"token":"${token}"}`);
    judgeLines(lines);
  });

  test('every day of some years, and days that no month has', () => {
    const lines: string[] = [];
    for (const year of [1969, 1970, 1972, 1999, 2000, 2023, 2024, 2100, 9999]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
          lines.push(
            `${date} 23:59:59,999 - Token: ${token}`,
            `{"ts":"${date}T00:00:00Z","t":"${token}"}`,
          );
        }
      }
    }
    judgeLines(lines);
  });

  test('every minute of a day', () => {
    const lines = Array.from({ length: 1440 * 3 }, (_, i) => {
      const [time] = new Date(i * 20_000 + 7).toISOString().slice(11).split('Z');
      return `2023-09-22 ${time} - Token: ${token}`;
    });
    expect(judgeLines(lines)).toBe(0);
  });
});

describe('whose time and status the kernel reads', () => {
  const random = createRandom(3);
  const plain = Array.from({ length: 500 }, () => plainLine(random, token));

  test('lines of the article', () => {
    expect(judgeLines(plain)).toBe(0);
  });

  test.each([
    `{"level":30,"time":1695376800123,"pid":7,"req":{"headers":{"authorization":"Bearer ${token}"}},"res":{"statusCode":401}}`,
    `{"ts": 1695376800, "msg": "login", "status": 200, "token": "${token}"}`,
    `{"@timestamp":"2023-09-22T10:00:00.123Z","response":{"status":401},"token":"${token}"}`,
    `{"token":"${token}","ok":[true,null,{"a":[-1.5e3]}],"time":"2023-09-22 10:00:00"}`,
  ])('a line such as %s', (line) => {
    expect(judgeLines([line])).toBe(0);
  });

  test('not where their stamps are of another zone', async () => {
    await prepareZone('Europe/Paris');
    expect(judgeLines(plain, { zone: 'Europe/Paris' })).toBe(500);
  });
});

describe('JSON lines', () => {
  test('random ones', () => {
    const random = createRandom(8259);
    judgeLines(Array.from({ length: 90_000 }, () => randomJsonLine(random, () => token)));
  });

  const time = '"2023-09-22T09:00:00Z"';

  test('any two names that may tell the time, in either order', () => {
    const lines = TIME_NAMES.flatMap((a) =>
      TIME_NAMES.map((b) => `{"${a}":${time},"x":"${token}","${b}":1695380400}`),
    );
    judgeLines(lines);
  });

  test('any two names that may tell the status, in either order, joined by dots or nested', () => {
    const nested = (name: string, value: string): string =>
      name
        .split('.')
        .toReversed()
        .reduce((inner, key) => `{"${key}":${inner}}`, value)
        .slice(1, -1);
    const lines = STATUS_NAMES.flatMap((a) =>
      STATUS_NAMES.flatMap((b) => [
        `{"time":${time},"${a}":200,"${b}":401,"t0":"${token}"}`,
        `{"time":${time},${nested(a, '401')},"${b}":200,"t0":"${token}"}`,
        `{"time":${time},${nested(a, '200')},${nested(b, '401')},"t0":"${token}"}`,
        `{${nested(a, '200')},"t0":"${token}",${nested(b, '"x"')},"time":${time}}`,
      ]),
    );
    judgeLines(lines);
  });

  test('a time or a status of any kind, under every name', () => {
    const values = [...NUMBERS, ...STATUSES, ...OTHERS];
    const lines = [...TIME_NAMES, ...STATUS_NAMES, 'log', 'stream', 'MESSAGE', 'x'].flatMap(
      (name) =>
        values.flatMap((value) => [
          `{"${name}":${value},"token":"${token}"}`,
          `{"time":${time},"status":200,"${name}":${value},"token":"${token}"}`,
          `{"http":{"response":{"${name}":${value}}},"ts":1695376800,"token":"${token}"}`,
        ]),
    );
    judgeLines(lines);
  });

  test('wrapped lines', () => {
    const inner = `2023-09-22 10:00:01,000 - Token: ${token}`;
    judgeLines(
      ['log', 'MESSAGE', 'message']
        .flatMap((name) =>
          [
            '"stream":"stdout"',
            `"time":${time}`,
            '"__REALTIME_TIMESTAMP":"1695376800000000"',
          ].flatMap((other) => [
            `{"${name}":"${inner}",${other}}`,
            `{${other},"${name}":"${inner}\\n"}`,
            `{${other},"${name}":"status=200","x":"${token}","ts":1695376800}`,
            `{"${name}":["${token}"],${other},"ts":1695376800}`,
          ]),
        )
        .concat(plainLine(createRandom(1), token)),
    );
  });

  test('every byte in place of one', () => {
    const line = `{"level":"info","time":${time},"res":{"statusCode":200},"ok":true,"n":-1.5e3,"t0":"${token}"}`;
    const twins = new Twins();
    for (let at = 0; at < line.indexOf('t0') + 6; at++) {
      const lines = Array.from({ length: 256 }, (_, byte) =>
        Buffer.concat([
          Buffer.from(line.slice(0, at)),
          Buffer.from([byte]),
          Buffer.from(`${line.slice(at + 1)}\n`),
        ]),
      );
      twins.judge(Buffer.concat(lines));
      twins.judge(
        `${line.slice(0, at)}${line.slice(at + 1)}\n${line.slice(0, at)} ${line.slice(at)}\n`,
      );
    }
  });
});

test('lines of any format with one token that everybody knows', () => {
  const random = createRandom(5424);
  judgeLines(Array.from({ length: 60_000 }, () => randomLine(random, () => token)));
});
