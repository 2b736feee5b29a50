import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskTokens } from '../../../src/source/fields/mask.ts';
import { eventFromUserLog, userLogText } from '../../../src/source/fields/userlog.ts';
import { factsOf, fieldsOf } from './reading.ts';

const MIB = 1 << 20;
const fill = (piece: string): string => piece.repeat(Math.ceil(MIB / piece.length)).slice(0, MIB);

// Each would take minutes if anything looked at what is behind it for every part of it.
const LINES: Readonly<Record<string, string>> = {
  letters: fill('a'),
  spaces: fill(' '),
  digits: `2023-09-22 10:00:00.${fill('1')}`,
  'half days': `2023-09-22 10:00:00${fill(' AM')}`,
  'token beginnings': fill('eyJ.'),
  'many tokens': fill('eyJaaa.bbb.'),
  dots: `eyJaaaa${fill('.')}`,
  bearers: fill('bearer abcdefghijklmnopqrs'),
  quotes: fill('"'),
  backslashes: fill('\\"'),
  pairs: fill('a=b '),
  'impossible times': `a=b ${fill('time="2023-02-30 10:00:00" ')}`,
  statuses: fill(' status=" '),
  requests: fill('"GET / HTTP/1.1" '),
  'access times': fill('[22/Sep/2023:10:00:00 +0000] '),
  'structured data': `<1>1 - a b c d [${fill('a="]" ')}`,
  escapes: fill('\u001b['),
  names: fill('a | '),
  labels: fill('User Log:'),
  braces: `${fill('{')}}`,
  'Python strings': `{'a':${fill(String.raw`'\'`)}}`,
  'Python calls': `{'a': f(${fill('(')}}`,
};

describe('hostile lines', () => {
  test.each(Object.entries(LINES))('a mebibyte of %s is read in linear time', (_, line) => {
    const bytes = Buffer.from(line);
    const fields = fieldsOf(bytes);
    expect(factsOf(bytes).status).toBe(fields.status ?? 0);
    expect(maskTokens(line).length).toBeLessThan(6 * MIB);
    userLogText(bytes, 0, bytes.length);
    expect(typeof eventFromUserLog(line).event).toBe('string');
  });

  test('a mebibyte of bytes that are no text', () => {
    expect(fieldsOf(new Uint8Array(MIB).fill(0xff)).event).toBeNull();
    expect(fieldsOf(new Uint8Array(MIB)).event).toBeNull();
  });

  test('row 67: deep JSON and Python overflow nothing', () => {
    const deep = `{"time":"2023-09-22T10:00:00Z","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(factsOf(deep).time).toBe(Date.UTC(2023, 8, 22, 10));
    const objects = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(fieldsOf(objects).event).toBeNull();
    expect(fieldsOf(`${"{'a':".repeat(100_000)}1${'}'.repeat(100_000)}`).event).toBeNull();
    let docker = 'x status=404';
    for (let i = 0; i < 12; i += 1) docker = JSON.stringify({ log: docker, stream: 'stdout' });
    expect(factsOf(docker).status).toBe(0);
  });

  test('row 69: __proto__ in a JSON line is no inheritance', () => {
    const fields = fieldsOf('{"__proto__":{"status":500,"time":1695376800},"msg":"m"}');
    expect([fields.status, fields.time]).toEqual([null, Number.NaN]);
  });

  test('a million keys are not all looked at', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`).join(',');
    expect(fieldsOf(`{"status":404,${keys},"ts":1695376800}`)).toMatchObject({
      status: 404,
      time: Date.UTC(2023, 8, 22, 10),
    });
  });

  test('nothing throws on random bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('', '{', '<1>1 ', '2023-09-22 10:00:00', '['),
        (noise, head) => {
          const line = Buffer.concat([Buffer.from(head), noise]);
          const { time, status } = fieldsOf(line);
          expect(factsOf(line)).toMatchObject({ time, status: status ?? 0 });
          userLogText(line, 0, line.length);
        },
      ),
      { seed: 5, numRuns: 3000 },
    );
  });
});
