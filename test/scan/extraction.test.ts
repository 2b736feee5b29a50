import { describe, expect, test } from 'vitest';
import { hmac, mint, segment } from '../support/tokens.ts';
import { scan, tokensIn } from './scan.ts';

const claims = { sub: 'ada', exp: 1_695_380_400 };
const token = mint(claims);
const [header, payload, signature] = token.split('.') as [string, string, string];

/** A token whose signature ends with this character. */
const endingWith = (character: string, alg: string): string => {
  for (let n = 0; ; n++) {
    const found = mint({ ...claims, n }, { alg });
    if (found.endsWith(character)) return found;
  }
};

describe('what other tools miss or cut', () => {
  const odd = mint(claims, { header: { kid: '?~?~>>>???~~~' } });
  const masked = `${header}.${payload}.[REDACTED]`;
  const encrypted = `${segment({ alg: 'dir', enc: 'A128GCM' })}..AAECAwQFBgcICQoL.AA.AAAAAAAAAAA`;

  test.each<[string, string, string[]]>([
    ['behind Bearer', `Authorization: Bearer ${token}`, [token]],
    ['in JSON quotes', `{"token":"${token}"}`, [token]],
    ['in single quotes', `token='${token}'`, [token]],
    [
      'alg none, empty signature',
      `t=${segment({ alg: 'none' })}.${payload}.`,
      [`${segment({ alg: 'none' })}.${payload}.`],
    ],
    [
      'a header with a line break (ewo)',
      mint(claims, { header: '{\n "alg":"HS256"}' }),
      [mint(claims, { header: '{\n "alg":"HS256"}' })],
    ],
    [
      'a header with a space (eyA)',
      mint(claims, { header: '{ "alg":"HS256"}' }),
      [mint(claims, { header: '{ "alg":"HS256"}' })],
    ],
    ['a kid that gives - and _', odd, [odd]],
    ['a short payload', mint({ sub: 'bob' }), [mint({ sub: 'bob' })]],
    ['a signature that ends with -', `x ${endingWith('-', 'HS384')} y`, [endingWith('-', 'HS384')]],
    ['a signature that ends with _', `(${endingWith('_', 'HS384')})`, [endingWith('_', 'HS384')]],
    ['a masked signature', masked, [`masked ${masked}`]],
    ['a JWE', `x ${encrypted} y`, [`jwe ${encrypted}`]],
    ['glued to a word by _', `token_${token}`, [token]],
    ['behind %3D', `auth%3D${token}`, [token]],
    ['at the end of a sentence', `He sent ${token}.`, [token]],
  ])('%s', (_name, line, found) => {
    expect(tokensIn(line)).toEqual(found);
  });

  test('the kid of that test does give - and _', () => {
    expect(odd.split('.')[0]).toMatch(/-.*_|_.*-/);
  });
});

describe('boundaries', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['a space', ' '],
    ['a tab', '\t'],
    ['an equals sign', 'token='],
    ['a colon', 'token:'],
    ['a slash', '/auth/'],
    ['_', 'jwt_'],
    ['-', 'x-token-'],
    ['a percent escape', 'q%3D'],
    ['a percent escape in small letters', 'q%3d'],
    ['%20', 'Bearer%20'],
    ['a JSON newline', String.raw`{"m":"a\n`],
    ['a JSON tab', String.raw`{"m":"a\t`],
    ['a JSON escape of =', String.raw`{"m":"t\u003d`],
    ['a colour', '\x1b[31m'],
    ['a colour and bold', 'x\x1b[1;38;5;208m'],
    ['an opening bracket', '['],
    ['a brace', '{'],
    ['a comma', 'a,'],
    ['a dot', 'a.b: .'],
    ['an opening guillemet', '«'],
    ['a byte above ASCII', 'é'],
    ['letters', 'abc'],
    ['digits', '123'],
  ])('a token starts behind %s', (_name, before) => {
    expect(tokensIn(`${before}${token} rest`)).toEqual([token]);
  });

  test.each([
    ' ',
    '\t',
    '"',
    "'",
    ',',
    ';',
    ')',
    ']',
    '}',
    '>',
    '&x=1',
    '#x',
    '?',
    '!',
    '|',
    '\\n',
    '%22',
    '\r',
    '\x1b[0m',
    '…',
    '.',
    '. ',
    '..',
    '.)',
    '."',
    ':',
    '*',
    '/x',
    '»',
    '\\"}',
    '=',
    '@x',
    '+x',
    '~',
  ])('a token ends before %j', (after) => {
    const found = tokensIn(`x ${token}${after}`);
    const isMask = after === '…' || after === '..';
    expect(found).toEqual([
      isMask ? `masked ${token}${after}` : after === '=' ? `${token}=` : token,
    ]);
  });

  test('a URL’s query ends a token, and several stand in one line', () => {
    const other = mint({ sub: 'bob' });
    const line = `GET /cb?access_token=${token}&id_token=${other}#${token} {"a":"${other}"},[${token}]`;
    expect(tokensIn(line)).toEqual([token, other, token, other, token]);
  });

  test('a token ends with its line', () => {
    expect(tokensIn(`${header}.${payload}.`)).toEqual([`${header}.${payload}.`]);
    expect(tokensIn(`${header}.${payload}`)).toEqual([]);
    expect(tokensIn(token)).toEqual([token]);
  });

  test('what is no header, glued to the left, is not taken for a part of it', () => {
    expect(tokensIn(`eyes_${token}`)).toEqual([token]);
    expect(tokensIn(`eyJ_eyJ-${token}`)).toEqual([token]);
    // Other letters make another header: nobody can say where the token starts.
    expect(tokensIn(`eyJhbGc${token}`)).toHaveLength(1);
  });
});

describe('headers', () => {
  test.each<[string, string]>([
    ['{"alg":"HS256"}', 'eyJ'],
    ['{ "alg":"HS256"}', 'eyA'],
    ['{\t"alg":"HS256"}', 'ewk'],
    ['{\n"alg":"HS256"}', 'ewo'],
    ['{\r\n"alg":"HS256"}', 'ew0'],
    ['{"":1,"alg":"HS256"}', 'eyI'],
  ])('%j is found', (text, start) => {
    const found = mint(claims, { header: text });
    expect(found.startsWith(start)).toBe(true);
    expect(tokensIn(`x ${found} y`)).toEqual([found]);
  });

  test.each([
    [2, []],
    [3, ['jws']],
    [4, []],
    [5, ['jwe']],
    [6, []],
    [7, []],
  ])('%d parts', (count, kinds) => {
    const parts = [header, ...Array.from({ length: count - 1 }, () => payload)];
    expect(scan(`x ${parts.join('.')} y`).map(({ kind }) => kind)).toEqual(kinds);
    expect(scan(`x ${parts.join('.')}`).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('an empty payload is a token only with a signature, an empty signature only with a payload', () => {
    expect(tokensIn(`${header}..${signature}`)).toEqual([`${header}..${signature}`]);
    expect(tokensIn(`${header}.${payload}.`)).toEqual([`${header}.${payload}.`]);
    expect(tokensIn(`${header}..`)).toEqual([]);
    expect(tokensIn(`${header}...`)).toEqual([]);
  });

  test('padding belongs to a segment where it completes four characters', () => {
    const even = segment('{"sub":"ad"}x');
    const pad = (text: string): string => text + '='.repeat(-text.length & 3);
    const input = `${pad(segment('{"alg":"HS256" }'))}.${pad(even)}`;
    const padded = `${input}.${hmac('HS256', input)}=`;
    expect(tokensIn(`x ${padded} y`)).toEqual([padded]);
    expect(tokensIn(`${mint(claims, { alg: 'HS384' })}=`)).toEqual([
      mint(claims, { alg: 'HS384' }),
    ]);
    expect(tokensIn(`${token}=&x`)).toEqual([`${token}=`]);
  });

  test('a token over the limit is found as one, however long it is', () => {
    const long = mint({ pad: 'x'.repeat(2000) });
    expect(scan(`a ${long} ${token}`, 1000)).toEqual([
      { kind: 'oversized', text: long },
      { kind: 'jws', text: token },
    ]);
  });
});
