import { describe, expect, test } from 'vitest';
import { analyzed, eventsOf, noticeOf, verdictOf, verdictsOf } from '../support/judged.ts';
import {
  claims,
  hmac,
  inputOf,
  KEYS,
  lineOf,
  logOf,
  mint,
  mintPublic,
  rawSignature,
  segment,
} from '../support/tokens.ts';

const JWKS = ['--key', `${KEYS}/jwks.json`];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes, spelled with unused bits that are not zero. */
const respell = (text: string): string =>
  text.slice(0, -1) + ALPHABET[ALPHABET.indexOf(text.at(-1)!) + 1]!;

/** A claims set whose encoding ends with unused bits. */
const uneven = (more: object = {}): string => {
  const text = JSON.stringify(claims(more));
  return text.padEnd(text.length + (3 - (text.length % 3)) + 1);
};

describe('shape', () => {
  test('row 61: two and four parts are no token, a dot behind the third is the sentence’s', async () => {
    const token = mint(claims());
    const [header, payload] = token.split('.');
    const texts = [`${header}.${payload}`, `${token}.AAAA`, header!, `${token}.${token}`];
    expect(await eventsOf(texts.map((text) => `${lineOf(text)}\n`).join(''))).toEqual([]);
    for (const text of [`seen ${token}.`, `seen ${token}. Next`, `Token: ${token}.`]) {
      expect(await eventsOf(`${lineOf(text)}\n`)).toMatchObject([{ verdict: 'valid' }]);
    }
    expect(await verdictsOf([`${header}.${payload}`, `${token}.AAAA`])).toEqual([
      'malformed not_a_token',
      'malformed not_a_token',
    ]);
  });

  test('row 62: another spelling of the same bytes is malformed, in each segment', async () => {
    const payload = uneven();
    const good = mint(payload);
    const [header, body, signature] = good.split('.') as [string, string, string];
    expect(await verdictOf(good)).toBe('valid');
    const evenHeader = mint(payload, { header: '{"alg":"HS256" }' }).split('.')[0]!;
    // Re-signed, so that the spelling alone is what is wrong.
    const respelled = [`${header}.${respell(body)}`, `${respell(evenHeader)}.${body}`].map(
      (input) => `${input}.${hmac('HS256', input)}`,
    );
    expect(await verdictsOf([...respelled, `${header}.${body}.${respell(signature)}`])).toEqual([
      'malformed payload_non_canonical',
      'malformed header_base64',
      'malformed signature_non_canonical',
    ]);
  });

  test('row 62: padding is malformed, with --allow-padding it is read as load balancers write it', async () => {
    const [header, payload] = [segment('{"alg":"HS256" }'), segment(uneven())];
    const padded = `${header}${'='.repeat(-header.length & 3)}.${payload}${'='.repeat(-payload.length & 3)}`;
    expect(padded).toMatch(/=/);
    const token = `${padded}.${hmac('HS256', padded)}=`;
    expect(await verdictOf(token)).toBe('malformed padding');
    expect(await verdictOf(token, ['--allow-padding'])).toBe('valid');
    const forged = `${padded}.${hmac('HS256', `${padded}x`)}=`;
    expect(await verdictOf(forged, ['--allow-padding'])).toBe('bad_signature');
  });

  test.each(['HS256', 'EdDSA'])(
    'row 62: a padded copy of a token (%s) is not another token',
    async (alg) => {
      const token = alg === 'HS256' ? mint(claims()) : mintPublic(alg, claims());
      const padding = '='.repeat(-token.split('.')[2]!.length & 3);
      expect(padding).not.toBe('');
      const args = alg === 'HS256' ? [] : JWKS;
      const { totals, users } = await analyzed(logOf(token, `${token}${padding}`), [
        ...args,
        '--allow-padding',
      ]);
      expect(totals.verdicts.valid).toBe(2);
      expect(totals.distinct_tokens).toBe(1);
      expect(users).toMatchObject([{ tokens: 2, distinct_tokens: 1 }]);
    },
  );
});

describe('signatures', () => {
  const input = inputOf(claims(), { alg: 'ES256', kid: 'ec-2023' });
  const order = Buffer.from(
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    'hex',
  );
  const made = rawSignature('ES256', input);
  const [r, s] = [made.subarray(0, 32), made.subarray(32)];
  const zero = Buffer.alloc(32);
  const one = Buffer.from(zero).fill(1, 31);

  test('row 63: the ECDSA signature as it was made is valid', async () => {
    expect(await verdictOf(`${input}.${made.toString('base64url')}`, JWKS)).toBe('valid');
  });

  test.each<[string, Buffer]>([
    ['r = s = 0', Buffer.concat([zero, zero])],
    ['r = 0', Buffer.concat([zero, s])],
    ['s = 0', Buffer.concat([r, zero])],
    ['r = n', Buffer.concat([order, s])],
    ['s = n', Buffer.concat([r, order])],
    ['r = s = n', Buffer.concat([order, order])],
    ['r = s = 1', Buffer.concat([one, one])],
    ['all bits', Buffer.alloc(64, 0xff)],
    ['too short', made.subarray(0, 63)],
    ['too long', Buffer.concat([made, zero])],
    ['a leading zero', Buffer.concat([Buffer.alloc(1), made])],
    ['P-384’s length', Buffer.concat([zero.subarray(16), r, zero.subarray(16), s])],
    ['halves swapped', Buffer.concat([s, r])],
    ['DER', rawSignature('ES256', input, { dsaEncoding: 'der' })],
    ['one bit changed', Buffer.from(made).fill(made[40]! ^ 1, 40, 41)],
  ])('row 63: an ECDSA signature with %s is refused', async (_name, signature) => {
    const token = `${input}.${signature.toString('base64url')}`;
    expect(await verdictOf(token, JWKS)).toBe('bad_signature');
  });

  test('row 65: a PSS salt that is not as long as the hash is refused with a hint', async () => {
    const pss = inputOf(claims(), { alg: 'PS256', kid: 'rsa-2023' });
    const signed = (saltLength: number): string =>
      `${pss}.${rawSignature('PS256', pss, { saltLength }).toString('base64url')}`;
    expect(await verdictOf(signed(32), JWKS)).toBe('valid');
    const odd = [0, 20, 31, 33, 222].map(signed);
    expect(await verdictsOf(odd, JWKS)).toEqual(odd.map(() => 'bad_signature salt_length'));
    const forged = rawSignature('PS256', `${pss}x`, { saltLength: 222 }).toString('base64url');
    expect(await verdictOf(`${pss}.${forged}`, JWKS)).toBe('bad_signature');
  });
});

describe('size', () => {
  const long = (length: number): string => mint(claims({ x: 'a'.repeat((length * 3) / 4) }));

  test('row 66: tokens over --max-token are oversized, just below they are judged', async () => {
    const tokens = [long(60_000), long(70_000), long(333_416)];
    expect(tokens[2]!.length).toBeGreaterThan(333_416);
    expect(await verdictsOf(tokens)).toEqual([
      'valid',
      'oversized longer_than_max_token',
      'oversized longer_than_max_token',
    ]);
    expect(await verdictsOf(tokens, ['--max-token', '500K'])).toEqual(['valid', 'valid', 'valid']);
  });

  test('row 66: a token is measured by the character', async () => {
    const token = mint(claims());
    const size = (n: number): string[] => ['--max-token', String(n)];
    expect(await verdictOf(token, size(token.length))).toBe('valid');
    expect(await verdictOf(token, size(token.length - 1))).toBe('oversized longer_than_max_token');
  });

  test('row 66: 16 MB in one token is over --max-line, and the lines around it are read', async () => {
    const log = logOf(mint(claims()), long(16 << 20), mint(claims({ sub: 'bob' })));
    const events = await eventsOf(log);
    expect(events.map(({ line, verdict, reason }) => [line, verdict, reason])).toEqual([
      [1, 'valid', null],
      [2, 'oversized', 'cut_off'],
      [3, 'valid', null],
    ]);
    const summary = await analyzed(log);
    expect(noticeOf(summary, 'overlong_line')).toBe(
      '1 line longer than --max-line: only the start was searched',
    );
    const whole = await analyzed(log, ['--max-line', '32M']);
    expect(whole.totals.verdicts).toMatchObject({ valid: 2, oversized: 1 });
  });

  test('row 67: JSON nested 100,000 deep is judged without a stack overflow', async () => {
    const deep = (text: string): string => text.repeat(100_000);
    const open = deep('[');
    const closed = `{"sub":"ada","x":${open}${deep(']')}}`;
    const objects = `${deep('{"a":')}1${deep('}')}`;
    const args = ['--max-token', '4M', '--max-line', '8M'];
    const tokens = [mint(open), mint(closed), mint(objects), mint(`{"exp":${open}${deep(']')}}`)];
    const header = mint(claims(), { header: `{"alg":"HS256","x":${open}${deep(']')}}` });
    expect(await verdictsOf([...tokens, header], args)).toEqual([
      'malformed payload_json',
      'valid',
      'valid',
      'malformed claim_exp',
      'valid',
    ]);
    expect(await verdictOf(tokens[0]!)).toBe('oversized longer_than_max_token');
  });
});
