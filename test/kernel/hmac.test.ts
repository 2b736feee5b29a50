import { createHash, createHmac } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import type { KernelModule } from '../../src/kernel/module.ts';
import { compileMessages, Messages, type Message } from './messages.ts';

const BITS = [256, 384, 512] as const;
type Bits = (typeof BITS)[number];

let module: KernelModule;
let kernel: Messages;
beforeAll(async () => {
  module = await compileMessages();
});
beforeEach(() => {
  kernel = new Messages(module);
});

const hmac = (bits: Bits, secret: Uint8Array, text: Uint8Array): Buffer =>
  createHmac(`sha${bits}`, secret).update(text).digest();

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('RFC 4231 section 4', () => {
  const count = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, i) => (from + i).toString(16).padStart(2, '0')).join(
      '',
    );
  const CASES: readonly (readonly [
    name: string,
    key: Buffer,
    data: Buffer,
    macs: readonly string[],
  ])[] = [
    [
      '1',
      hex('0b'.repeat(20)),
      Buffer.from('Hi There'),
      [
        'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
        'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
        '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
      ],
    ],
    [
      '2, a key shorter than the hash',
      Buffer.from('Jefe'),
      Buffer.from('what do ya want for nothing?'),
      [
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
        'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
        '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
      ],
    ],
    [
      '3, key and data together longer than a block',
      hex('aa'.repeat(20)),
      hex('dd'.repeat(50)),
      [
        '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
        '88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27',
        'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb',
      ],
    ],
    [
      '4',
      hex(count(1, 25)),
      hex('cd'.repeat(50)),
      [
        '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
        '3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb',
        'b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd',
      ],
    ],
    [
      '6, a key longer than a block',
      hex('aa'.repeat(131)),
      Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
      [
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
        '4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952',
        '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
      ],
    ],
    [
      '7, key and data longer than a block',
      hex('aa'.repeat(131)),
      Buffer.from(
        'This is a test using a larger than block-size key and a larger than block-size data. ' +
          'The key needs to be hashed before being used by the HMAC algorithm.',
      ),
      [
        '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
        '6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e',
        'e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58',
      ],
    ],
  ];

  describe.each(BITS.map((bits, which) => ({ bits, which })))(
    'HMAC-SHA-$bits',
    ({ bits, which }) => {
      test.each(CASES)('test case %s', (_name, key, text, macs) => {
        const header = kernel.addHeader(bits, [key]);
        const signature = hex(macs[which]!);
        const last = signature.length * 8 - 1;
        const outcomes = kernel.check([
          { header, text, signature },
          { header, text, signature: flipped(signature, 0) },
          { header, text, signature: flipped(signature, last) },
        ]);
        expect(outcomes.map(({ verified }) => verified)).toEqual([true, false, false]);
        expect(outcomes[0]!.fingerprint).toBe(signature.toString('hex').slice(0, 16));
      });
    },
  );

  test.skip('test case 5, a truncated output: a JWS holds the whole output (RFC 7518 section 3.2), so the kernel compares nothing shorter', () =>
    undefined);
});

describe('FIPS 180-4 SHA-256, as the fingerprint of a token that nobody signed', () => {
  test.each([
    ['"abc"', 'abc', 'ba7816bf8f01cfea'],
    ['448 bits', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8'],
    [
      '896 bits',
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
      'cf5b16a778af8380',
    ],
    ['nothing', '', 'e3b0c44298fc1c14'],
  ])('%s', (_name, text, digest) => {
    const header = kernel.addHeader(256, [Buffer.from('any')]);
    const [outcome] = kernel.check([
      { header, text: Buffer.from(text), signature: new Uint8Array(64) },
    ]);
    expect(outcome).toEqual({ verified: false, key: -1, fingerprint: digest });
  });

  test.skip('one million times "a": longer than the 8,192 characters that the kernel takes', () =>
    undefined);
});

describe.each(BITS)('HMAC-SHA-%s against node:crypto', (bits) => {
  const random = createRandom(bits);
  const bytes = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => random.below(256));
  const secrets = [1, 31, 32, 63, 64, 65, 127, 128, 129, 300].map(bytes);
  const source = bytes(8192 + 4096);

  /** Checks messages with right and with wrong signatures, and what is said of each. */
  const expectRight = (
    messages: readonly {
      readonly text: Uint8Array;
      readonly secret: number;
      readonly alignment: number;
    }[],
    headers: readonly number[],
  ): void => {
    const wanted: string[] = [];
    const given: Message[] = messages.flatMap(({ text, secret, alignment }) => {
      const right = hmac(bits, secrets[secret]!, text);
      const wrong = flipped(right, random.below(bits));
      const rest = source.subarray(0, 1 + random.below(90));
      const digest = createHash('sha256').update(text).update(rest).digest('hex');
      wanted.push(`yes ${right.toString('hex').slice(0, 16)}`, `no ${digest.slice(0, 16)}`);
      const header = headers[secret]!;
      return [right, wrong].map((signature) => ({ header, text, signature, rest, alignment }));
    });
    const outcomes = kernel.check(given);
    const said = outcomes.map(
      ({ verified, fingerprint }) => `${verified ? 'yes' : 'no'} ${fingerprint}`,
    );
    // Compared by hand: thousands of equal lines make no good message.
    const wrong = said.findIndex((one, i) => one !== wanted[i]);
    if (wrong >= 0) {
      const { text, secret, alignment } = messages[wrong >> 1]!;
      expect.fail(
        `length ${text.length}, alignment ${alignment}, secret ${secret}: ${said[wrong]}, not ${wanted[wrong]}`,
      );
    }
  };

  const addHeaders = (): number[] => secrets.map((secret) => kernel.addHeader(bits, [secret]));

  test('messages of every length from 0 to 4096, each at several of the sixteen alignments', () => {
    const headers = addHeaders();
    for (let from = 0; from <= 4096; from += 64) {
      const messages = Array.from(
        { length: Math.min(64, 4097 - from) },
        (_, i) => from + i,
      ).flatMap((length) =>
        // Short ones, whose padding has the most cases, at all.
        (length < 300
          ? Array.from({ length: 16 }, (_, alignment) => alignment)
          : [length & 15, (length * 7 + 3) & 15]
        ).map((alignment) => {
          const at = random.below(4096);
          const text = source.subarray(at, at + length);
          return { text, secret: random.below(secrets.length), alignment };
        }),
      );
      expectRight(messages, headers);
    }
  });

  test('messages around the longest that a token may have', () => {
    const headers = addHeaders();
    const lengths = Array.from({ length: 200 }, (_, i) => 8192 - 90 - i);
    expectRight(
      lengths.map((length) => ({
        text: source.subarray(0, length),
        secret: length % secrets.length,
        alignment: length & 15,
      })),
      headers,
    );
  });

  test('any number of messages, of one length or of many, with one key or a key each', () => {
    const headers = addHeaders();
    for (let count = 1; count <= 40; count++) {
      for (const spread of [1, 3, 500]) {
        for (const keys of [1, secrets.length]) {
          const messages = Array.from({ length: count }, () => {
            const length = 100 + random.below(spread);
            return {
              text: source.subarray(count, count + length),
              secret: random.below(keys),
              alignment: random.below(16),
            };
          });
          expectRight(messages, headers);
        }
      }
    }
  });

  test('keys of a header are tried in their order, and the first that verifies is told', () => {
    const first = kernel.addHeader(bits, [secrets[0]!, secrets[1]!, secrets[2]!, secrets[1]!]);
    const outcomes = kernel.check(
      Array.from({ length: 23 }, (_, i) => {
        const text = source.subarray(i, i + 200);
        // The last one is no key of the header.
        return { header: first, text, signature: hmac(bits, secrets[i % 4]!, text) };
      }),
    );
    const [base] = outcomes.map(({ key }) => key);
    expect(outcomes.map(({ key, verified }) => (verified ? key - base! : 'forged'))).toEqual(
      Array.from({ length: 23 }, (_, i) => (i % 4 === 3 ? 'forged' : i % 4)),
    );
  });
});

test('messages of all three algorithms wait beside each other', () => {
  const secret = Buffer.from('one secret for all');
  const headers = BITS.map((bits) => kernel.addHeader(bits, [secret]));
  const messages = Array.from({ length: 60 }, (_, i) => {
    const which = i % 3;
    const text = Buffer.alloc(50 + ((i * 37) % 400), `${i}`);
    const right = hmac(BITS[which]!, secret, text);
    return { header: headers[which]!, text, signature: i % 5 === 0 ? flipped(right, i) : right };
  });
  expect(kernel.check(messages).map(({ verified }) => verified)).toEqual(
    messages.map((_, i) => i % 5 !== 0),
  );
});

test('a signature by another algorithm with the same key is none', () => {
  const secret = Buffer.from('one secret for all');
  const text = Buffer.from('eyJhbGciOiJIUzI1NiJ9.e30');
  for (const bits of BITS) {
    const header = kernel.addHeader(bits, [secret]);
    for (const other of BITS) {
      const signature = new Uint8Array(64);
      signature.set(hmac(other, secret, text));
      const [outcome] = kernel.check([{ header, text, signature }]);
      expect(outcome!.verified, `${other} for ${bits}`).toBe(other === bits);
    }
  }
});
