import { describe, expect, test } from 'vitest';
import { HeaderCache, parseHeader, type Header } from '../../src/scan/header.ts';
import { segment, type Part } from '../support/tokens.ts';

const read = (part: Part): Header => {
  const bytes = Buffer.from(`xx${segment(part)}yy`);
  return parseHeader(bytes, 2, bytes.length - 2, new Uint8Array(bytes.length));
};
const readText = (text: string): Header =>
  parseHeader(Buffer.from(text), 0, text.length, new Uint8Array(text.length + 3));

describe('headers', () => {
  test('alg, kid, enc and offered keys are read', () => {
    expect(read({ alg: 'HS256', kid: 'a', typ: 'JWT' })).toEqual({
      problem: null,
      alg: 'HS256',
      kid: 'a',
      encrypts: false,
      offersKey: false,
      typ: 'JWT',
      params: [],
    });
    expect(read({ alg: 'dir', enc: 'A128GCM' })).toMatchObject({ problem: null, encrypts: true });
    for (const name of ['jwk', 'jku', 'x5u', 'x5c']) {
      expect(read({ alg: 'RS256', [name]: null })).toMatchObject({
        problem: null,
        offersKey: true,
        params: [name],
      });
    }
    expect(read({ alg: 'RS256', crit: ['exp', 1] })).toMatchObject({ params: ['crit:exp'] });
    expect(read({ alg: 'RS256', crit: 'b64', jku: 'u' })).toMatchObject({
      params: ['jku', 'crit'],
    });
    expect(read({ alg: 'RS256', x5t: 'a' })).toMatchObject({ offersKey: false });
  });

  test.each<[string, Part, string]>([
    ['no alg', {}, 'header_alg'],
    ['alg null', { alg: null }, 'header_alg'],
    ['alg a number', { alg: 256 }, 'header_alg'],
    ['alg a list', { alg: ['HS256'] }, 'header_alg'],
    ['alg inherited', '{"__proto__":{"alg":"HS256"}}', 'header_alg'],
    ['kid a number', { alg: 'HS256', kid: 1 }, 'header_kid'],
    ['kid null', { alg: 'HS256', kid: null }, 'header_kid'],
    ['crit', { alg: 'HS256', crit: ['exp'] }, 'crit'],
    ['crit empty', { alg: 'HS256', crit: [] }, 'crit'],
    ['b64 false', { alg: 'HS256', b64: false }, 'b64'],
    ['b64 and crit', { alg: 'HS256', b64: false, crit: ['b64'] }, 'b64'],
    ['b64 a word', { alg: 'HS256', b64: 'true' }, 'b64'],
    ['a list', ['HS256'], 'header_not_an_object'],
    ['null', 'null', 'header_not_an_object'],
    ['a word', '"HS256"', 'header_not_an_object'],
    ['a number', '1', 'header_not_an_object'],
    ['nothing', '', 'header_json'],
    ['bad JSON', '{"alg":"HS256"', 'header_json'],
    ['more than JSON', '{"alg":"HS256"}x', 'header_json'],
    ['a byte order mark', '\uFEFF{"alg":"HS256"}', 'header_json'],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'header_utf8'],
  ])('%s is a problem', (_name, part, problem) => {
    expect(read(part).problem).toBe(problem);
  });

  test.each(['eyJ', 'eyJhbGciOiJIUzI1NiJ', 'eyJhbGciOiJIUzI1NiIgfQ=', 'eyJhbGciOiJIUzI1NiIgfR'])(
    '%s is bad base64url',
    (text) => {
      expect(readText(text).problem).toMatch(/^header_(?:base64|json)$/);
    },
  );

  test('a repeated member counts by its last occurrence, as for JSON.parse', () => {
    expect(read('{"alg":"none","alg":"HS256"}')).toMatchObject({ problem: null, alg: 'HS256' });
    expect(read('{"alg":"HS256","alg":"none"}')).toMatchObject({ problem: null, alg: 'none' });
  });
});

describe('the memory of headers', () => {
  test('each header gets its own answer, whatever came between', () => {
    const cache = new HeaderCache(1000);
    const ask = (n: number): string | null => {
      const bytes = Buffer.from(segment({ alg: 'HS256', kid: `key-${n}` }));
      return cache.get(bytes, 0, bytes.length).kid;
    };
    // Far more than it remembers, in an order that evicts and asks again.
    for (let i = 0; i < 2000; i++) {
      const n = (i * i) % 97;
      expect(ask(n)).toBe(`key-${n}`);
    }
  });

  test('the same header is read once, and bytes that change later do not change the answer', () => {
    const cache = new HeaderCache(1000);
    const bytes = Buffer.from(segment({ alg: 'HS256' }));
    const first = cache.get(bytes, 0, bytes.length);
    expect(cache.get(Buffer.from(bytes), 0, bytes.length)).toBe(first);
    const copy = Buffer.from(bytes);
    bytes.fill(0x41);
    expect(cache.get(copy, 0, copy.length)).toBe(first);
    expect(cache.get(bytes, 0, bytes.length)).not.toBe(first);
  });

  test('headers of one length and one start are told apart', () => {
    const cache = new HeaderCache(1000);
    const a = Buffer.from(segment({ alg: 'HS256', kid: 'aaaa' }));
    const b = Buffer.from(segment({ alg: 'HS256', kid: 'aaab' }));
    expect(a.length).toBe(b.length);
    expect([cache.get(a, 0, a.length).kid, cache.get(b, 0, b.length).kid]).toEqual([
      'aaaa',
      'aaab',
    ]);
  });
});
