import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer, readPem } from '../../src/keys/pem.ts';
import type { PemContent } from '../../src/keys/pem.ts';
import { makeCertificate } from './certificate.ts';

const leaf = makeCertificate('leaf.example.test');
const root = makeCertificate('root.example.test');
if (leaf === null) process.stderr.write('skipped: pem.test.ts needs openssl for certificates\n');

const spki = (key: Parameters<typeof createPublicKey>[0]): string =>
  createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();

/** The keys as SPKI text, to compare. */
const keysOf = (content: PemContent): (string | undefined)[] =>
  content.keys.map((key) => key?.export({ format: 'pem', type: 'spki' }).toString());

describe.skipIf(leaf === null || root === null)('certificates', () => {
  const [first, second] = [leaf?.cert ?? '', root?.cert ?? ''];
  const now = Date.now() / 1000;

  test('the key of a certificate is that of its holder', () => {
    const content = readPem(first, 'c.pem', now);
    expect(keysOf(content)).toEqual([spki(first)]);
    expect(content.notices).toEqual([]);
  });

  test('of a chain only the first certificate verifies tokens, and that is said', () => {
    const content = readPem(first + second, 'c.pem', now);
    expect(keysOf(content)).toEqual([spki(first)]);
    expect(content.notices).toEqual([
      {
        code: 'key_unused',
        message: 'c.pem holds a chain of 2 certificates; only the first is used',
      },
    ]);
  });

  test('a public key beside a certificate counts as well', () => {
    expect(keysOf(readPem(first + spki(second), 'c.pem', now))).toEqual([
      spki(first),
      spki(second),
    ]);
  });

  test('a certificate in DER is read like one in PEM', () => {
    const content = readDer(new X509Certificate(first).raw, 'c.der', now);
    expect(keysOf(content)).toEqual([spki(first)]);
  });

  test.each([
    readPem,
    (text: string, name: string, at: number) => readDer(new X509Certificate(text).raw, name, at),
  ])('one that expired still verifies old tokens, with a notice (%#)', (read) => {
    const content = read(first, 'c.pem', now + 3 * 86_400);
    expect(keysOf(content)).toEqual([spki(first)]);
    expect(content.notices.map(({ code }) => code)).toEqual(['certificate_expired']);
    expect(content.notices[0]!.message).toMatch(/c\.pem expired on \d{4}-\d\d-\d\d;/);
  });
});
