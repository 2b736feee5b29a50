import { assert, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64 } from '../../src/keys/base64.ts';

const expectRoundTrip = (data: Uint8Array): void => {
  const standard = Buffer.from(data).toString('base64');
  const url = Buffer.from(data).toString('base64url');
  for (const text of [standard, standard.replaceAll('=', ''), url]) {
    expect(Buffer.from(decodeBase64(text)!)).toEqual(Buffer.from(data));
  }
};

test('reads both alphabets, padded or not, as node does', () => {
  const bytes = uint8Array({ maxLength: 80 });
  assert(property(bytes, expectRoundTrip), { seed: 7, numRuns: 200 });
});

test.each(['a', 'abcde', 'ab=', 'abc==', 'abcd=', 'ab===', '====', 'ab cd', 'ab\n', 'ab*d', 'é'])(
  'refuses %j instead of guessing bytes',
  (text) => {
    expect(decodeBase64(text)).toBeNull();
  },
);
