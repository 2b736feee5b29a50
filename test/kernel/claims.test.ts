import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logOf, mint, segment } from '../support/tokens.ts';
import { Twins } from './twins.ts';

const twins = new Twins();

/** Judges a token with this payload both ways, which must agree; true where it was the kernel's. */
const isPlain = (payload: string): boolean =>
  twins.judge(logOf(mint(Buffer.from(payload, 'utf8')))).kernel === 1;

const members = (count: number, length: number): string =>
  `{${Array.from({ length: count }, (_, i) => `"${`m${i}`.padEnd(length, '_')}":${i}`).join(',')}}`;

describe('the kernel reads', () => {
  test.each([
    ['the article', '{"user_id":"12345","email":"johndoe@example.com","exp":1695457200}'],
    [
      'lists, booleans, null',
      '{"sub":"a","roles":["user","admin"],"aud":["a","b"],"ok":true,"no":false,"nil":null}',
    ],
    ['dates', '{"sub":"a","iat":1,"exp":2,"nbf":-3}'],
    ['a number that names the user', '{"uid":7,"email":"a@b.c","exp":0}'],
    ['user_id before sub', '{"user_id":"b","sub":"a"}'],
    ['sub before user_id', '{"sub":"a","user_id":"b"}'],
    ['an e-mail alone', '{"email":"only@example.com"}'],
    ['fifteen digits', '{"exp":999999999999999,"sub":-999999999999999}'],
    ['zero and minus zero', '{"exp":-0,"sub":0}'],
    ['no roles', '{"roles":[]}'],
    ['an empty role', '{"role":"","sub":"a"}'],
    ['an empty list entry', '{"roles":["",""],"sub":"a"}'],
    ['roles of other types', '{"role":5,"sub":"a"}'],
    ['roles that are null', '{"roles":null}'],
    ['an empty text', '{"x":""}'],
    ['an empty name', '{"":"x"}'],
    ['JSON inside a text', '{"x":"{}[],:","sub":"{"}'],
    ['a name as a value', '{"x":"exp","y":"sub"}'],
    ['24 members', members(24, 4)],
    ['names of one length', members(24, 30)],
    ['a long text', `{"x":"${'x'.repeat(4000)}","sub":"a"}`],
    ['a long name', `{"${'x'.repeat(4000)}":1,"sub":"a"}`],
  ])('%s', (_name, payload) => {
    expect(isPlain(payload)).toBe(true);
  });
});

describe('the kernel leaves to its slow twin', () => {
  test.each([
    ['an escape', String.raw`{"sub":"a\u0062"}`],
    ['an escaped name', String.raw`{"s\u0075b":"a"}`],
    ['not ASCII', '{"sub":"é"}'],
    ['white space', '{"sub": "a"}'],
    ['white space around', ' {"sub":"a"} '],
    ['a fraction', '{"exp":1.5}'],
    ['an exponent', '{"exp":1e3}'],
    ['more digits than a double holds', '{"exp":1234567890123456}'],
    ['a leading zero', '{"exp":01}'],
    ['a leading zero behind a minus', '{"exp":-01}'],
    ['a minus alone', '{"exp":-}'],
    ['a plus', '{"exp":+1}'],
    ['a name twice', '{"sub":"a","sub":"b"}'],
    ['an unknown name twice', '{"x":1,"sub":"a","x":2}'],
    ['a long name twice', `{"${'x'.repeat(40)}":1,"${'x'.repeat(40)}":2}`],
    ['role and roles', '{"role":"a","roles":["b"]}'],
    ['an object', '{"sub":"a","realm":{"x":1}}'],
    ['a list of numbers', '{"aud":[1]}'],
    ['a list in a list', '{"aud":[["a"]]}'],
    ['a list that goes on', '{"aud":["a",]}'],
    ['exp as text', '{"exp":"5"}'],
    ['exp as null', '{"exp":null}'],
    ['an empty user', '{"sub":""}'],
    ['a user of another type', '{"sub":null}'],
    ['a list as user', '{"sub":["a"]}'],
    ['an e-mail that is no text', '{"email":7}'],
    ['no claims', '{}'],
    ['a list', '["a"]'],
    ['a text', '"a"'],
    ['no end', '{"sub":"a"'],
    ['no end of a text', '{"sub":"a}'],
    ['something after the end', '{"sub":"a"}}'],
    ['a second object', '{"sub":"a"}{"sub":"a"}'],
    ['a comma too many', '{"sub":"a",}'],
    ['a comma too early', '{,"sub":"a"}'],
    ['a control character', '{"sub":"a\tb"}'],
    ['NUL', '{"sub":"a\0b"}'],
    ['DEL', '{"sub":"a\x7f"}'],
    ['half a word', '{"x":tru}'],
    ['more than a word', '{"x":truex}'],
    ['a word of other letters', '{"x":Null}'],
    ['no value', '{"x":}'],
    ['no name', '{"x"}'],
    ['25 members', members(25, 4)],
  ])('%s', (_name, payload) => {
    expect(isPlain(payload)).toBe(false);
  });

  test('names that share their first and last eight characters and their length', () => {
    expect(isPlain('{"abcdefgh1ijklmnop":1,"abcdefgh2ijklmnop":2}')).toBe(false);
    expect(isPlain('{"abcdefgh1ijklmnop":1,"abcdefgi1ijklmnop":2}')).toBe(true);
  });
});

test('what one payload left behind is no part of the next, shorter one', () => {
  const long = `{"sub":"ada","exp":1,"x":"${'"},:[]0'.repeat(20).replaceAll('"', '')}"}`;
  for (let length = 1; length < long.length; length++) {
    expect(isPlain(long)).toBe(true);
    expect(isPlain(long.slice(0, length))).toBe(false);
  }
});

test('every spelling of the same signature and payload but the canonical one is refused by both', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const payload of ['{"sub":1}', '{"sub":12}', '{"sub":123}']) {
    const [header, body, signature] = mint(payload).split('.') as [string, string, string];
    let plain = 0;
    for (const last of alphabet) {
      const others = [
        `${header}.${body.slice(0, -1)}${last}.${signature}`,
        `${header}.${body}.${signature.slice(0, -1)}${last}`,
      ];
      for (const other of others) plain += twins.judge(logOf(other)).kernel;
    }
    // Of the last characters of 43 one in four has no bits that belong to no byte.
    expect(plain).toBeGreaterThan(16);
    expect(plain).toBeLessThanOrEqual(16 + 64);
  }
});

const NAMES = [
  ['exp', 'nbf', 'iat', 'sub', 'user_id', 'uid', 'email', 'role', 'roles', 'aud', 'x'],
  ['__proto__', 'é', 'preferred_username', 'preferred_usernamf', ''],
].flat();
const PIECES = ['', '"', ',', ':', '}', '{', ']', '[', '0', '-', '\\', ' ', 'e', '.', '\0'];
const name = fc.constantFrom(...NAMES);
const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 6 }),
  fc.constantFrom('a', 'a@example.com', '', null, true, 1695457200, 9007199254740992, 1e308),
);
const value = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(name, leaf, { maxKeys: 2 }),
);
const plainValue = fc.oneof(
  fc.integer({ min: -9, max: 2_000_000_000 }),
  fc.constantFrom('a', 'a@example.com', 'x y', '{', true),
  fc.array(fc.constantFrom('r', 'admin'), { maxLength: 2 }),
);
const list = fc.oneof(
  fc.array(fc.tuple(name, value), { maxLength: 7 }),
  fc.uniqueArray(fc.tuple(name, plainValue), { maxLength: 6, selector: ([one]) => one }),
);
const edit = fc.tuple(fc.nat(), fc.constantFrom(...PIECES), fc.nat(2));

test('no claims set is read differently, whatever is done to it', () => {
  let plain = 0;
  fc.assert(
    fc.property(list, fc.array(edit, { maxLength: 2 }), (pairs, edits) => {
      const texts = pairs.map(([one, it]) => `${JSON.stringify(one)}:${JSON.stringify(it)}`);
      let text = `{${texts.join(',')}}`;
      for (const [at, insert, remove] of edits) {
        const where = at % (text.length + 1);
        text = text.slice(0, where) + insert + text.slice(where + remove);
      }
      if (isPlain(text)) plain++;
    }),
    { seed: 7519, numRuns: 20_000 },
  );
  expect(plain).toBeGreaterThan(1000);
});

test('no bytes are read as claims that are none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      twins.judge(logOf(mint(bytes)));
      twins.judge(logOf(mint(Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('":1}')]))));
    }),
    { seed: 8259, numRuns: 4000 },
  );
});

test('every byte between the quotes of a name and of a value', () => {
  for (let byte = 0; byte < 256; byte++) {
    for (const parts of [
      ['{"a', 'b":"x"}'],
      ['{"sub":"a', 'b"}'],
      ['{"roles":["a', 'b"]}'],
    ]) {
      const payload = Buffer.concat([
        Buffer.from(parts[0]!),
        Buffer.from([byte]),
        Buffer.from(parts[1]!),
      ]);
      const { kernel } = twins.judge(logOf(mint(payload)));
      const isUsual = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
      expect(kernel, `byte ${byte} in ${parts.join('')}`).toBe(isUsual ? 1 : 0);
    }
  }
});

test('a payload that is empty, or no base64url, is not read', () => {
  const signature = mint('{}').split('.')[2]!;
  for (const payload of ['', 'e', 'e3', 'e30=', 'e3 0', 'e30+', '=', 'e30.']) {
    const token = `${segment({ alg: 'HS256' })}.${payload}.${signature}`;
    expect(twins.judge(logOf(token)).kernel, payload).toBe(0);
  }
});
