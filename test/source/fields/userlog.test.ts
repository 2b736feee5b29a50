import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  eventFromUserLog,
  isUserLogLine,
  userLogText,
} from '../../../src/source/fields/userlog.ts';
import { SIGNATURE, TOKEN } from './reading.ts';

const textIn = (line: string): string | null => {
  const bytes = Buffer.from(`before\n${line}\nafter`);
  const start = 'before\n'.length;
  return userLogText(bytes, start, start + Buffer.byteLength(line));
};

describe('userLogText', () => {
  test('the text behind the label', () => {
    expect(textIn('2023-09-22 10:00:00,123 - User Log: login from web')).toBe('login from web');
    expect(textIn('User Log: ')).toBe('');
    expect(textIn('[User Log: User Log: x')).toBe('User Log: x');
  });

  test('the label has to stand alone and whole', () => {
    for (const line of [
      'xUser Log: a',
      '-User Log: a',
      '_User Log: a',
      'User Log:a',
      'User Log',
      '',
    ]) {
      expect(textIn(line)).toBeNull();
    }
    expect(textIn('xUser Log: a User Log: b')).toBe('b');
  });

  test('inside of JSON it ends with the message', () => {
    expect(
      textIn(
        JSON.stringify({ log: '2023-09-22 - User Log: login\n', stream: 'stdout', time: 'x' }),
      ),
    ).toBe('login');
    expect(textIn(JSON.stringify({ level: 30, msg: 'User Log: {"a":"b"}' }))).toBe('{"a":"b"}');
  });

  test('the cheap check and the text agree', () => {
    const piece = fc.constantFrom('User Log: ', 'User ', 'Log: ', 'x', '-', ' ', 'User Log:', 'U');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const line = pieces.join('');
        const bytes = Buffer.from(line);
        const expected = /(?<![A-Za-z0-9_-])User Log: /.test(line);
        expect(isUserLogLine(bytes, 0, bytes.length)).toBe(expected);
        expect(userLogText(bytes, 0, bytes.length) !== null).toBe(expected);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });
});

describe('eventFromUserLog', () => {
  test('a Python dict', () => {
    expect(
      eventFromUserLog(
        `{'action': 'login', 'ip': '10.0.0.1', 'ok': True, 'n': None, "it's": b'x', 'user-agent': 'it\\'s \\u00e9', 'status': 401, 'tags': ('a', [1, -2.5]), 'at': datetime.datetime(2023, 9, 22, tzinfo=tz(')')), 'url': '/a?b', 'method': 'post', 'requestId': 7}`,
      ),
    ).toEqual({
      event: 'login',
      fields: {
        ip: '10.0.0.1',
        userAgent: "it's é",
        status: 401,
        path: '/a',
        method: 'POST',
        requestId: '7',
      },
    });
  });

  test('a JSON object', () => {
    expect(eventFromUserLog('{"msg":"token refreshed","remoteAddr":"::1","n":null}')).toEqual({
      event: 'token refreshed',
      fields: { ip: '::1' },
    });
  });

  test('keys in their order of meaning', () => {
    const text = JSON.stringify({ type: 't', message: 'm', msg: 's', action: 'a', event: 'e' });
    expect(eventFromUserLog(text).event).toBe('e');
    expect(eventFromUserLog('{"type":"t"}').event).toBe('t');
  });

  test('anything else is the event as it stands, tokens masked', () => {
    for (const text of ['login', '', '{not: a dict}', "{'a': ", '[1]', '{"a":1}', ' spaced ']) {
      expect(eventFromUserLog(text)).toEqual({ event: text, fields: {} });
    }
    expect(eventFromUserLog(`took ${TOKEN}`).event).not.toContain(SIGNATURE);
    expect(eventFromUserLog(`{'token': '${TOKEN}'}`).event).not.toContain(SIGNATURE);
  });

  test('pairs of plain text become fields', () => {
    expect(eventFromUserLog('login ok ip=10.0.0.1 method=password').fields).toEqual({
      ip: '10.0.0.1',
    });
  });

  test('row 69: __proto__ and constructor are keys like any other', () => {
    for (const text of [
      `{"__proto__":{"status":500,"ip":"1.1.1.1","event":"x"},"action":"a"}`,
      `{'__proto__': {'status': 500, 'ip': '1.1.1.1', 'event': 'x'}, 'action': 'a'}`,
    ]) {
      expect(eventFromUserLog(text)).toMatchObject({ event: 'a' });
      expect(eventFromUserLog(text).fields.status).toBeUndefined();
    }
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
  });
});
