import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../../src/source/fields/facts.ts';
import type { LineFacts } from '../../../src/source/fields/fields.ts';
import { SAMPLES } from './formats.ts';
import { SIGNATURE, TOKEN, context, factsOf, fieldsOf, sampleLines, timeOf } from './reading.ts';

const NOTHING = {
  ip: null,
  userAgent: null,
  method: null,
  path: null,
  status: null,
  requestId: null,
  event: null,
};

describe('formats', () => {
  test.each(SAMPLES)('$name', ({ line, time, says }) => {
    const { time: ms, timeFlags, ...told } = fieldsOf(line);
    expect({
      time: Number.isNaN(ms) ? 'none' : new Date(ms).toISOString(),
      timeFlags,
      told,
    }).toEqual({
      time,
      timeFlags: 0,
      told: { ...NOTHING, ...says },
    });
  });

  test('the year of a wrapped line is not believed where day and time are other ones', () => {
    const other = 'Sep 22 10:00:00 host app: {"time":"2019-01-22T10:00:09Z","msg":"m"}';
    expect(timeOf(other)).toBe('2023-09-22T10:00:00.000Z');
    expect(timeOf('Sep 22 10:00:00 host app: 2020-09-22T10:00:09Z old')).toBe(
      '2020-09-22T10:00:09.000Z',
    );
  });

  test('the stamp that a line begins with wins over those in its text', () => {
    for (const text of [
      '{"time":"2020-01-01T00:00:00Z","msg":"m"}',
      '192.0.2.1 - - [01/Jan/2020:00:00:00 +0000] "GET / HTTP/1.1" 200 1',
      'time=2020-01-01T00:00:00Z',
      '2020-01-01T00:00:00Z',
    ]) {
      expect(timeOf(`2023-09-22 10:00:00 ${text}`)).toBe('2023-09-22T10:00:00.000Z');
      expect(timeOf(`<1>1 2023-09-22T10:00:00Z h a - - - ${text}`)).toBe(
        '2023-09-22T10:00:00.000Z',
      );
    }
  });

  test('a status before an object that has none counts', () => {
    expect(fieldsOf('2023-09-22 10:00:00 "GET / HTTP/1.1" 404 {"user":"x"}').status).toBe(404);
    expect(fieldsOf('2023-09-22 10:00:00 "GET / HTTP/1.1" 404 {"status":403}').status).toBe(403);
  });

  test('a status is a number from 100 to 599 and nothing else', () => {
    const statuses = ['status=099', 'status=600', 'status=2000', 'status=20', 'status=200ms'].map(
      (line) => fieldsOf(line).status,
    );
    expect(statuses).toEqual([null, null, null, null, null]);
    expect(fieldsOf('{"status":200.5}').status).toBeNull();
    expect(fieldsOf('{"status":"ok","statusCode":403}').status).toBe(403);
    expect(fieldsOf('2023-09-22 10:00:00 x status: 401.').status).toBe(401);
  });

  test('a status in a URL, in quotes or in another word is none', () => {
    for (const text of ['/x?status=500', 'path=/a&status=500', 'x "status=500"', 'mystatus=500']) {
      expect(fieldsOf(`2023-09-22 10:00:00 ${text} end`).status).toBeNull();
      expect(fieldsOf(`2023-09-22 10:00:00 ${text} status=204`).status).toBe(204);
    }
  });

  test('the time of an access log is found at every distance from the beginning', () => {
    for (let gap = 1; gap < 24; gap += 1) {
      for (const time of [
        '22/Sep/2023:10:00:00 +0000',
        '2/Sep/2023:10:00:00 +0000',
        '2/Sep/2023:10:00:00',
      ]) {
        const line = `${'h'.repeat(gap)} - - [${time}] "GET / HTTP/1.1" 200 1`;
        const day = time.slice(0, time.indexOf('/')).padStart(2, '0');
        expect([line, timeOf(line)]).toEqual([line, `2023-09-${day}T10:00:00.000Z`]);
      }
    }
    expect(timeOf('a "quoted" [22/Sep/2023:10:00:00 +0000] "GET / HTTP/1.1" 200 1')).toBe('none');
  });

  test('a status at every distance from the beginning is found', () => {
    for (let gap = 0; gap < 24; gap += 1) {
      expect(factsOf(`${'x'.repeat(gap)} status=418`).status).toBe(418);
      expect(factsOf(`${'x'.repeat(gap)} "GET / HTTP/1.1" 418`).status).toBe(418);
    }
  });
});

describe('secrets stay out of the fields', () => {
  const carriers = [
    `192.0.2.1 - - [22/Sep/2023:10:00:00 +0000] "GET /verify/${TOKEN}/x?t=${TOKEN} HTTP/1.1" 200 1 "-" "${TOKEN}"`,
    `{"msg":"saw ${TOKEN} twice ${TOKEN}","path":"/a#${TOKEN}","request_id":"${TOKEN}","ua":"${TOKEN}"}`,
    `time=2023-09-22T10:00:00Z msg="x ${TOKEN}" path=https://u:p@h/${TOKEN} request_id=${TOKEN}`,
    `2023-09-22 10:00:00 - User Log: {'action': 'got ${TOKEN}', 'url': '/${TOKEN}'}`,
    `2023-09-22 10:00:00 - User Log: plain ${TOKEN}`,
    `{"msg":"Authorization: Bearer 0123456789abcdef0123456789${SIGNATURE}"}`,
  ];

  test.each(carriers)('no signature is left: %#', (line) => {
    const told = JSON.stringify(fieldsOf(line));
    expect(told).not.toContain(SIGNATURE);
    expect(told).toMatch(/\[(?:signature|token) removed\]/);
  });

  test('a path has no query, fragment, origin or user', () => {
    const path = (target: string): string | null => fieldsOf(JSON.stringify({ url: target })).path;
    expect(path('/a/b?c=d')).toBe('/a/b');
    expect(path('/a#b?c')).toBe('/a');
    expect(path('https://user:word@example.com/a?b')).toBe('/a');
    expect(path('https://example.com?b')).toBe('/');
    expect(path('?b')).toBeNull();
  });
});

describe('readFacts agrees with readFields', () => {
  const files = ['access_log.0', 'haproxy.0', 'logfmt.0', 'nested_json.json', 'syslog.1', 'pino.0'];
  const seeds = [
    ...SAMPLES.map(({ line }) => Buffer.from(line)),
    ...files
      .flatMap((name) => sampleLines(`logfile_${name}`) ?? [])
      .map((line) => Buffer.from(line)),
  ];

  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('replace', 'insert', 'delete', 'cut', 'repeat'),
    text: fc.oneof(
      fc.constantFrom(
        ...'"{}[]:=,. -+TZ\\0123456789',
        '\u00ff',
        ' UTC',
        ' PM',
        'status=404',
        '{"a":',
      ),
      fc.string({ maxLength: 3 }),
    ),
  });

  const applyEdit = (
    line: Buffer,
    { at, kind, text }: { at: number; kind: string; text: string },
  ): Buffer => {
    const place = Math.floor(at * line.length);
    const piece = Buffer.from(text, 'latin1');
    const head = line.subarray(0, place);
    if (kind === 'cut') return head;
    if (kind === 'delete') return Buffer.concat([head, line.subarray(place + 1)]);
    if (kind === 'repeat') return Buffer.concat([head, line.subarray(Math.max(0, place - 9))]);
    return Buffer.concat([
      head,
      piece,
      line.subarray(place + (kind === 'replace' ? piece.length : 0)),
    ]);
  };

  const asFacts = (line: Uint8Array): LineFacts => {
    const { time, timeFlags, status } = fieldsOf(Uint8Array.from(line));
    return { time, timeFlags, status: status ?? 0 };
  };

  test.each(SAMPLES)('on every part of: $name', ({ line }) => {
    const bytes = Buffer.from(line);
    const facts: LineFacts = { time: 1, timeFlags: 7, status: 1 };
    // What stands before and behind a part in the block must not be seen.
    for (let at = 0; at <= bytes.length; at += 1) {
      readFacts(bytes, 0, at, context(), facts);
      expect([at, facts]).toEqual([at, asFacts(bytes.subarray(0, at))]);
      readFacts(bytes, at, bytes.length, context(), facts);
      expect([at, facts]).toEqual([at, asFacts(bytes.subarray(at))]);
    }
  });

  test('on time and status of every line, whatever stands around it', () => {
    const line = fc
      .tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 4 }))
      .map(([seed, edits]) => edits.reduce(applyEdit, seed));
    const around = fc.constantFrom('', '\n', '0', '5Z', ':30', ' UTC', '"} ', '=1', '+02:00', 'x');
    fc.assert(
      fc.property(line, around, around, (bytes, before, after) => {
        const fields = fieldsOf(bytes);
        const facts: LineFacts = { time: 1, timeFlags: 7, status: 1 };
        const block = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
        readFacts(block, before.length, before.length + bytes.length, context(), facts);
        expect(facts).toEqual({
          time: fields.time,
          timeFlags: fields.timeFlags,
          status: fields.status ?? 0,
        });
        expect(facts.status === 0 || (facts.status >= 100 && facts.status <= 599)).toBe(true);
        expect(Number.isNaN(facts.time) || Number.isInteger(facts.time)).toBe(true);
      }),
      { seed: 20230922, numRuns: 6000 },
    );
  });
});
