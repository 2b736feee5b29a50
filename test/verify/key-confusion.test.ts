import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KEYS, claims, mint, NOW } from '../support/tokens.ts';
import { runCli } from '../support/cli.ts';
import { parseEvents } from '../support/judged.ts';

const PEM = readFileSync(`${KEYS}/rsa.public.pem`, 'utf8');
const key = createPublicKey(PEM);

const judged = async (token: string, keyFile: string): Promise<string> => {
  const { stdout } = await runCli(['events', '-', '--key', keyFile, '--now', NOW, '-q'], {
    stdin: `${token}\n`,
  });
  const [event] = parseEvents(stdout);
  return `${event!.verdict} ${event!.reason}`;
};

const FORMS: readonly (readonly [string, string | Uint8Array])[] = [
  ['its PEM file', PEM],
  ['its PEM file without the last line break', PEM.trimEnd()],
  ['its DER form', key.export({ type: 'spki', format: 'der' })],
  ['its PKCS#1 form', key.export({ type: 'pkcs1', format: 'pem' })],
];

test.each(FORMS)(
  'a token signed with the public key as secret is told: %s',
  async (_form, secret) => {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const token = mint(claims(), { alg, secret });
      expect(await judged(token, `${KEYS}/rsa.public.pem`)).toBe(
        'alg_not_allowed public_key_as_secret',
      );
    }
  },
);

test('a token signed with any other secret is merely not allowed', async () => {
  const verdict = await judged(mint(claims()), `${KEYS}/rsa.public.pem`);
  expect(verdict).toMatch(/^alg_not_allowed HS256 with RSA key$/);
});

test('no signature, or one of another length, is not tried', async () => {
  const [header, payload] = mint(claims(), { secret: PEM }).split('.');
  for (const signature of ['', 'AAAA']) {
    const verdict = await judged(`${header}.${payload}.${signature}`, `${KEYS}/rsa.public.pem`);
    expect(verdict).not.toContain('public_key');
  }
});
