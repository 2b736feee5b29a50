import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import {
  analyzed,
  eventsOf,
  refusal,
  privateFile,
  verdictOf,
  verdictsOf,
} from '../support/judged.ts';
import {
  claims,
  hmac,
  inputOf,
  KEYS,
  lineOf,
  logOf,
  mint,
  mintPublic,
  segment,
} from '../support/tokens.ts';

const JWKS = ['--key', `${KEYS}/jwks.json`];

describe('algorithms', () => {
  test('row 53: alg none is alg_none in any spelling, with or without kid and signature', async () => {
    const headers = ['none', 'None', 'NONE', 'nOnE'].flatMap((alg) => [
      { alg },
      { alg, kid: 'secret' },
      { alg, typ: 'JWT' },
    ]);
    const tokens = headers.flatMap((header) => {
      const input = inputOf(claims(), header);
      return [`${input}.`, `${input}.${hmac('HS256', input)}`];
    });
    const found = await verdictsOf(tokens);
    expect(found).toEqual(tokens.map(() => 'alg_none'));
    expect(await verdictsOf(tokens, JWKS)).toEqual(found);
  });

  test('row 53: what only looks like none is another algorithm, and not allowed', async () => {
    const names = ['none ', 'nonе', 'none\0', '', 'HS25', 'hs256', 'HS256 '];
    const tokens = names.map((alg) => mint(claims(), { header: { alg } }));
    for (const verdict of await verdictsOf(tokens)) {
      expect(verdict).toBe('alg_not_allowed unknown algorithm');
    }
  });

  test('row 54: a public key is never a secret: HMAC over it is alg_not_allowed', async () => {
    const key = createPublicKey(readFileSync(`${KEYS}/rsa.public.pem`));
    const forms = [
      readFileSync(`${KEYS}/rsa.public.pem`),
      Buffer.from(readFileSync(`${KEYS}/rsa.public.pem`, 'utf8').trim()),
      key.export({ format: 'der', type: 'spki' }),
      key.export({ format: 'der', type: 'pkcs1' }),
      Buffer.from(JSON.stringify(key.export({ format: 'jwk' }))),
    ];
    const tokens = forms.flatMap((secret) =>
      ['HS256', 'HS384', 'HS512'].flatMap((alg) => [
        mint(claims(), { alg, secret }),
        mint(claims(), { alg, secret, header: { kid: 'rsa-2023' } }),
      ]),
    );
    for (const args of [['--key', `${KEYS}/rsa.public.pem`], JWKS]) {
      for (const verdict of await verdictsOf(tokens, args)) {
        expect(verdict).toMatch(/^alg_not_allowed (?:HS\d+ with |public_key_as_secret$)/);
      }
    }
  });

  test.each<[string, string]>([
    ['PEM', readFileSync(`${KEYS}/rsa.public.pem`, 'utf8')],
    ['PEM behind white space', `\n\n  ${readFileSync(`${KEYS}/ec.public.pem`, 'utf8')}`],
    ['PEM behind a byte order mark', `\uFEFF${readFileSync(`${KEYS}/ec.public.pem`, 'utf8')}`],
    ['OpenSSH', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9 ada@example.com\n'],
    ['ECDSA OpenSSH', 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY ada\n'],
    ['JWKS', readFileSync(`${KEYS}/jwks.json`, 'utf8')],
  ])('row 54: a secret file that holds a public key (%s) is refused', async (_form, content) => {
    const path = privateFile('secret', content);
    const message = refusal(
      await runCli(['analyze', '-', '--secret-file', path], { stdin: logOf(mint(claims())) }),
    );
    expect(message).toContain('holds a public or private key, not a shared secret');
    expect(message).not.toContain(content.trim().slice(0, 24));
  });

  test('row 59: a JWE of five parts is encrypted, also around a signed token', async () => {
    const header = segment({ alg: 'dir', enc: 'A128GCM' });
    const nested = segment({ alg: 'RSA-OAEP', enc: 'A256GCM', cty: 'JWT' });
    const tokens = [
      `${header}..AAECAwQFBgcICQoL.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
      `${nested}.${segment(mint(claims()))}.AAECAwQFBgcICQoL.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
    ];
    expect(await verdictsOf(tokens)).toEqual(['encrypted', 'encrypted']);
    const { totals, users, unverified_users } = await analyzed(logOf(...tokens));
    expect(totals.verdicts.bad_signature).toBe(0);
    expect([users, unverified_users]).toEqual([[], []]);
  });

  test('row 59: a signed token whose payload is a token is no claims set', async () => {
    const nested = mint(mint(claims()), { header: { cty: 'JWT' } });
    expect(await verdictOf(nested)).toBe('malformed payload_json');
  });

  test('row 60: JWS JSON serialization is no token, with the label it is malformed', async () => {
    const [header, payload, signature] = mint(claims()).split('.');
    const flattened = JSON.stringify({ payload, protected: header, signature });
    const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
    const log = [flattened, general].map((text) => `${lineOf(text)}\n`).join('');
    expect(await eventsOf(log)).toEqual([]);
    expect(await verdictsOf([flattened, general])).toEqual([
      'malformed not_a_token',
      'malformed not_a_token',
    ]);
  });
});

describe('headers', () => {
  test('row 55: a key in the header is remarked on and never used', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const offers = [
      { jwk },
      { jku: 'https://evil.example/k' },
      { x5u: 'file:///k' },
      { x5c: ['A'] },
    ];
    const tokens = offers.map((offer) => {
      const input = inputOf(claims({ sub: 'mallory' }), { alg: 'ES256', kid: 'ec-2023', ...offer });
      const signature = sign('sha256', Buffer.from(input), {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return `${input}.${signature.toString('base64url')}`;
    });
    expect(await verdictsOf(tokens, JWKS)).toEqual(tokens.map(() => 'bad_signature'));
    const summary = await analyzed(logOf(...tokens), JWKS);
    expect(summary.users).toEqual([]);
    expect(summary.notices).toContainEqual(
      expect.objectContaining({ code: 'header_offers_key', count: tokens.length }),
    );
  });

  test('row 56: a kid is looked up, nothing else; a number is malformed', async () => {
    const kids = ['../../dev/null', "' OR 1=1 --", '/etc/passwd', 'http://127.0.0.1/', '', 'x\n'];
    const tokens = kids.map((kid) => mintPublic('EdDSA', claims(), { kid }));
    for (const verdict of await verdictsOf(tokens, JWKS)) {
      expect(verdict).toBe('unknown_key no key has this key id');
    }
    // A secret has no key id: it is tried whatever the token calls it.
    const own = kids.map((kid) => mint(claims(), { header: { kid } }));
    expect(await verdictsOf(own)).toEqual(kids.map(() => 'valid'));
    const odd = [1, null, true, {}, ['ed-2023']].map((kid) => mint(claims(), { header: { kid } }));
    expect(await verdictsOf(odd)).toEqual(odd.map(() => 'malformed header_kid'));
  });

  test('row 56: a kid of a megabyte is oversized, or judged where --max-token allows it', async () => {
    const kid = 'k'.repeat(1 << 20);
    const token = mintPublic('EdDSA', claims(), { kid });
    expect(await verdictOf(token, [...JWKS, '--max-line', '4M'])).toBe(
      'oversized longer_than_max_token',
    );
    expect(await verdictOf(token, [...JWKS, '--max-line', '4M', '--max-token', '4M'])).toBe(
      'unknown_key no key has this key id',
    );
  });

  test('row 57: crit is refused in every form, for no extension is understood', async () => {
    const values = [['exp'], ['b64'], [], ['x', 'x'], 'exp', ['alg'], {}, null, 1, false];
    const headers = values.map((crit) => ({ crit, x: 1 }));
    const tokens = headers.map((header) => mint(claims(), { header }));
    expect(await verdictsOf(tokens)).toEqual(tokens.map(() => 'malformed crit'));
  });

  test('row 58: unencoded and detached payloads are malformed', async () => {
    const unencoded = mint(claims(), { header: { b64: false, crit: ['b64'] } });
    const plain = mint(claims(), { header: { b64: false } });
    const [header, , signature] = mint(claims()).split('.');
    expect(await verdictsOf([unencoded, plain, `${header}..${signature}`])).toEqual([
      'malformed b64',
      'malformed b64',
      'malformed payload_empty',
    ]);
  });
});
