// Tokens for the load: signed by node:crypto, so that the guard is not measured by its own hand.
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const claimsOf = (user) => ({
  user_id: String(10_000 + user),
  email: `user${user}@example.com`,
  role: 'user',
  iat: Math.floor(Date.now() / 1000),
  exp: Math.floor(Date.now() / 1000) + 86_400,
  jti: `${user}-${'0123456789abcdef'.repeat(1)}`,
});

const signed = (alg, user, signature) => {
  const input = `${segment({ alg, typ: 'JWT' })}.${segment(claimsOf(user))}`;
  return `${input}.${signature(input)}`;
};

/** `count` valid HS256 tokens and the secret. */
export const hmacTokens = (count) => {
  const secret = randomBytes(32).toString('base64url');
  const signature = (input) => createHmac('sha256', secret).update(input).digest('base64url');
  return { secret, tokens: Array.from({ length: count }, (_, i) => signed('HS256', i, signature)) };
};

/** `count` valid RS256 tokens and the public key as PEM. */
export const rsaTokens = (count) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signature = (input) => sign('sha256', Buffer.from(input), privateKey).toString('base64url');
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }),
    tokens: Array.from({ length: count }, (_, i) => signed('RS256', i, signature)),
  };
};

/** `count` tokens whose signatures are noise. */
export const forgedTokens = (alg, count) =>
  Array.from({ length: count }, (_, i) =>
    signed(alg, i, () => randomBytes(256).toString('base64url')),
  );

/** What attackers send: forged, without algorithm, torn, far too long; each different, so that no cache helps. */
export const attackTokens = (count) =>
  Array.from({ length: count }, (_, i) => {
    const forged = signed('HS256', i, () => randomBytes(32).toString('base64url'));
    const kinds = [
      forged,
      forged.slice(0, -1),
      `${segment({ alg: 'none' })}.${segment(claimsOf(i))}.`,
      `${segment({ alg: 'RS256', kid: randomBytes(6).toString('hex') })}.${segment(claimsOf(i))}.${randomBytes(256).toString('base64url')}`,
      `${forged}${'A'.repeat(15_000)}`,
    ];
    return kinds[i % kinds.length];
  });
