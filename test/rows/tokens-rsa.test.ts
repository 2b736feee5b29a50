import { constants, createHash, createPrivateKey, privateEncrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verdictOf, verdictsOf } from '../support/judged.ts';
import { claims, inputOf, KEYS, mintPublic } from '../support/tokens.ts';

const JWKS = ['--key', `${KEYS}/jwks.json`];
const SIZE = 256;
const input = inputOf(claims(), { alg: 'RS256', kid: 'rsa-2023' });
const hash = createHash('sha256').update(input).digest();
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
/** DigestInfo of SHA-256 up to the hash (RFC 8017 section 9.2, note 1). */
const PREFIX = hex('3031300d060960864801650304020105000420');

/** A block `00 type ff…ff 00 info rest`, filled up to the size of the key. */
const block = (
  info: Uint8Array,
  { type = 1, fill = 0xff, rest = hex(''), least = 0 }: Partial<BlockOptions> = {},
): Buffer => {
  const room = least > 0 ? least : SIZE - 3 - info.length - rest.length;
  const start = Buffer.concat([hex('00'), Buffer.of(type), Buffer.alloc(room, fill), hex('00')]);
  return Buffer.concat([start, info, rest, Buffer.alloc(SIZE)]).subarray(0, SIZE);
};

interface BlockOptions {
  readonly type: number;
  readonly fill: number;
  readonly rest: Uint8Array;
  readonly least: number;
}

const key = createPrivateKey(readFileSync(`${KEYS}/rsa.private.pem`));
/** A token whose signature opens to `padded` under the public key. */
const tokenOf = (padded: Uint8Array): string => {
  const signature = privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded);
  return `${input}.${signature.toString('base64url')}`;
};

const info = Buffer.concat([PREFIX, hash]);
const changed = (at: number, byte: number): Buffer => {
  const other = block(info);
  other[at] = byte;
  return other;
};
const withPrefix = (prefix: string): Buffer => block(Buffer.concat([hex(prefix), hash]));

describe('RSASSA-PKCS1-v1_5', () => {
  test('row 64: the one right padding is valid', async () => {
    expect(await verdictOf(tokenOf(block(info)), JWKS)).toBe('valid');
    expect(tokenOf(block(info))).toBe(mintPublic('RS256', claims()));
  });

  test.each<[string, Buffer]>([
    ['no DigestInfo', block(hash)],
    ['no NULL parameter', withPrefix('302f300b06096086480165030402010420')],
    ['a BER length of the whole', withPrefix('308131300d060960864801650304020105000420')],
    ['a BER length of the hash', withPrefix('3032300d06096086480165030402010500048120')],
    ['an indefinite length', withPrefix('3080300d060960864801650304020105000420')],
    ['the OID of SHA-1', withPrefix('3021300906052b0e03021a05000414')],
    ['the OID of SHA-384', withPrefix('3041300d060960864801650304020205000430')],
    ['the OID of SHA-512', withPrefix('3051300d060960864801650304020305000440')],
    ['a hash too short', block(Buffer.concat([PREFIX, hash.subarray(0, 31)]))],
    ['garbage behind the hash', block(info, { rest: Buffer.alloc(16, 0x41) })],
    ['garbage instead of most of the padding', block(info, { least: 8 })],
    ['little padding and garbage of zeros', block(info, { least: 32 })],
    ['block type 2', block(info, { type: 2 })],
    ['block type 0', block(info, { type: 0, fill: 0 })],
    ['zeros as padding', block(info, { fill: 0 })],
    ['another first byte', changed(0, 1)],
    ['one padding byte changed', changed(100, 0xfe)],
    ['no zero before the DigestInfo', changed(SIZE - info.length - 1, 0xff)],
    ['another tag', changed(SIZE - info.length, 0x31)],
    ['one bit of the hash changed', changed(SIZE - 1, hash[31]! ^ 1)],
  ])('row 64: %s is refused', async (_name, padded) => {
    // The first byte must stay below that of the modulus, or the key can't have made it.
    expect(await verdictOf(tokenOf(padded), JWKS)).toBe('bad_signature');
  });

  test('row 64: signatures of another length, and of the other RSA scheme, are refused', async () => {
    const good = Buffer.from(mintPublic('RS256', claims()).split('.')[2]!, 'base64url');
    const signatures = [
      good.subarray(1),
      good.subarray(0, 255),
      Buffer.concat([hex('00'), good]),
      Buffer.concat([good, hex('00')]),
      Buffer.alloc(SIZE),
      Buffer.alloc(SIZE, 0xff),
      Buffer.from(mintPublic('PS256', claims()).split('.')[2]!, 'base64url'),
    ];
    const tokens = signatures.map((signature) => `${input}.${signature.toString('base64url')}`);
    expect(await verdictsOf(tokens, JWKS)).toEqual(tokens.map(() => 'bad_signature'));
  });
});
