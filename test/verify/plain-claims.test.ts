import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readClaims } from '../../src/verify/claims.ts';
import { Identities } from '../../src/verify/identities.ts';
import { PlainClaims } from '../../src/verify/plain-claims.ts';
import { DEFAULT_USER_CLAIMS } from '../../src/verify/policy.ts';

const encode = (text: string): Uint8Array => {
  // Behind the claims lies what the claims before them left there.
  const room = Buffer.alloc(8192, '"},:[]0');
  room.write(text, 'utf8');
  return room;
};

interface Read {
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly user: unknown;
  readonly email: unknown;
  readonly roles: unknown;
}

const plain = new PlainClaims(DEFAULT_USER_CLAIMS);

/** What the quick way read, made values of; null where it declined. */
const quick = (text: string): Read | null => {
  const json = encode(text);
  if (!plain.read(json, Buffer.byteLength(text))) return null;
  const value = (start: number, end: number): unknown =>
    start < 0 ? undefined : JSON.parse(Buffer.from(json.subarray(start, end)).toString('utf8'));
  return {
    exp: plain.exp,
    nbf: plain.nbf,
    iat: plain.iat,
    user: value(plain.userStart, plain.userEnd) ?? null,
    email: value(plain.emailStart, plain.emailEnd) || null,
    roles: plain.rolesStart >= 0,
  };
};

const slow = (text: string): ReturnType<typeof readClaims> =>
  readClaims(encode(text), Buffer.byteLength(text), DEFAULT_USER_CLAIMS);

const expectAgreement = (text: string): boolean => {
  const read = quick(text);
  if (read === null) return false;
  const { claims } = slow(text);
  if (claims === null) throw new Error(`read what is no claims set: ${text}`);
  expect([read.exp, read.nbf, read.iat], text).toEqual([claims.exp, claims.nbf, claims.iat]);
  expect([read.user, read.email], text).toEqual([claims.identity.userId, claims.identity.email]);
  expect(claims.duplicate, text).toBe(false);
  return true;
};

describe('PlainClaims', () => {
  test.each([
    '{"user_id":"12345","email":"johndoe@example.com","exp":1695457200}',
    '{"sub":"auth0|x","roles":["user","admin"],"iat":1,"exp":2,"nbf":-3,"aud":["a","b"],"ok":true,"no":false,"nil":null}',
    '{"uid":7,"email":"a@b.c","exp":0}',
    '{"user_id":"b","sub":"a"}',
    '{"sub":"a","user_id":"b"}',
    '{"email":"only@example.com"}',
    '{"exp":999999999999999}',
    '{"roles":[]}',
    '{"x":""}',
  ])('reads %s as the long way does', (text) => {
    expect(expectAgreement(text)).toBe(true);
  });

  test.each([
    ['an escape', '{"sub":"a\\u0062"}'],
    ['not ASCII', '{"sub":"é"}'],
    ['white space', '{"sub": "a"}'],
    ['a fraction', '{"exp":1.5}'],
    ['an exponent', '{"exp":1e3}'],
    ['more digits than a double holds', '{"exp":1234567890123456}'],
    ['a leading zero', '{"exp":01}'],
    ['a name twice', '{"sub":"a","sub":"b"}'],
    ['an unknown name twice', '{"x":1,"sub":"a","x":2}'],
    ['role and roles', '{"role":"a","roles":["b"]}'],
    ['an object', '{"sub":"a","realm":{"x":1}}'],
    ['an array of others', '{"aud":[1]}'],
    ['exp as text', '{"exp":"5"}'],
    ['an empty user', '{"sub":""}'],
    ['a user of another type', '{"sub":null}'],
    ['an e-mail that is no text', '{"email":7}'],
    ['no claims', '{}'],
    ['an array', '["a"]'],
    ['a text', '"a"'],
    ['nothing', ''],
    ['no end', '{"sub":"a"'],
    ['something after the end', '{"sub":"a"}}'],
    ['a comma too many', '{"sub":"a",}'],
    ['a control character', '{"sub":"a\tb"}'],
    ['DEL', '{"sub":"a\x7f"}'],
    ['a minus alone', '{"exp":-}'],
    ['half a word', '{"x":tru}'],
  ])('leaves %s to the long way', (_, text) => {
    expect(quick(text)).toBeNull();
  });

  test('never reads anything differently, whatever is done to claims', () => {
    const name = fc.constantFrom(
      'exp',
      'nbf',
      'iat',
      'sub',
      'user_id',
      'uid',
      'email',
      'role',
      'roles',
      'aud',
      'x',
      '__proto__',
      'é',
    );
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
      fc.constantFrom('a', 'a@example.com', 'x y', '{"', true),
      fc.array(fc.constantFrom('r', 'admin'), { maxLength: 2 }),
    );
    const members = fc.oneof(
      fc.array(fc.tuple(name, value), { maxLength: 7 }),
      fc.uniqueArray(fc.tuple(name, plainValue), { maxLength: 6, selector: ([n]) => n }),
    );
    const edit = fc.tuple(
      fc.nat(),
      fc.constantFrom(
        '',
        '"',
        ',',
        ':',
        '}',
        '{',
        ']',
        '[',
        '0',
        '-',
        '\\',
        ' ',
        'e',
        '.',
        '\u0000',
      ),
      fc.nat(2),
    );
    let read = 0;
    fc.assert(
      fc.property(members, fc.array(edit, { maxLength: 2 }), (list, edits) => {
        let text = `{${list.map(([n, v]) => `${JSON.stringify(n)}:${JSON.stringify(v)}`).join(',')}}`;
        for (const [at, insert, remove] of edits) {
          const where = at % (text.length + 1);
          text = text.slice(0, where) + insert + text.slice(where + remove);
        }
        if (expectAgreement(text)) read++;
      }),
      { seed: 11, numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(1000);
  });

  test('any list of user claims finds room', () => {
    const many = Array.from({ length: 300 }, (_, i) => `claim_${i}`);
    const own = new PlainClaims(many);
    const text = '{"claim_299":"z","claim_7":"seven","exp":5}';
    expect(own.read(encode(text), text.length)).toBe(true);
    expect([own.userRank, text.slice(own.userStart, own.userEnd)]).toEqual([7, '"seven"']);
  });
});

describe('Identities', () => {
  const spell = (text: string): Uint8Array => {
    const json = encode(text);
    expect(plain.read(json, text.length)).toBe(true);
    return json;
  };

  test('recognises a spelling once it was learned, and only that identity', () => {
    const identities = new Identities();
    identities.beginBlock();
    const texts = Array.from(
      { length: 5000 },
      (_, i) => `{"sub":"u${i}","email":"u${i}@example.com","role":"r${i % 3}"}`,
    );
    for (const text of texts) {
      const json = spell(text);
      expect(identities.recognise(json, plain)).toBe(-1);
      const { claims } = slow(text);
      identities.learn(json, plain, identities.numberOf(claims!.identity));
    }
    for (const [i, text] of texts.entries()) {
      const number = identities.recognise(spell(text), plain);
      // A full corner of the table may forget a spelling, never confuse two.
      if (number >= 0) expect(identities.get(number).userId).toBe(`u${i}`);
    }
    expect(identities.recognise(spell('{"sub":"u1"}'), plain)).toBe(-1);
    expect(identities.recognise(spell('{"email":"u1@example.com","role":"r1"}'), plain)).toBe(-1);
    expect(identities.takeFresh().length).toBe(5000);
  });

  test('the number 1 and the string "1" are two identities', () => {
    const identities = new Identities();
    identities.beginBlock();
    const numbers = ['{"sub":1}', '{"sub":"1"}'].map((text) => {
      const json = spell(text);
      const number = identities.numberOf(slow(text).claims!.identity);
      identities.learn(json, plain, number);
      return [number, identities.recognise(json, plain)];
    });
    expect(numbers).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test('starts over between blocks when it holds 131,072, and numbers go on', () => {
    const identities = new Identities();
    expect(identities.beginBlock()).toBe(0);
    const identity = (i: number) =>
      ({ userIdType: 'number', userId: i, email: null, roles: [] }) as const;
    for (let i = 0; i < 131_072; i++) identities.numberOf(identity(i));
    expect(identities.numberOf(identity(5))).toBe(5);
    expect(identities.beginBlock()).toBe(131_072);
    expect(identities.knows(131_071)).toBe(false);
    expect(identities.numberOf(identity(5))).toBe(131_072);
  });
});
