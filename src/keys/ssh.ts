import type { JwkObject } from './jwk.ts';

/** Cuts an OpenSSH blob into its length-prefixed strings (RFC 4251 section 5); null where they do not fit exactly. */
const fieldsOf = (blob: Buffer): Buffer[] | null => {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return null;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
};

const CURVES: ReadonlyMap<string, readonly [crv: string, bytes: number]> = new Map([
  ['nistp256', ['P-256', 32]],
  ['nistp384', ['P-384', 48]],
  ['nistp521', ['P-521', 66]],
]);

const ecJwk = (curve: string, point: Buffer): JwkObject | null => {
  const [crv, bytes] = CURVES.get(curve) ?? ['', 0];
  if (crv === '' || point[0] !== 4 || point.length !== 1 + 2 * bytes) return null;
  const x = point.toString('base64url', 1, 1 + bytes);
  const y = point.toString('base64url', 1 + bytes);
  return { kty: 'EC', crv, x, y };
};

/**
 * The JWK of one line of an OpenSSH public key file: `type base64 [comment]` (RFC 4253 section 6.6,
 * RFC 5656, RFC 8709). A string, to go on from the key's name, where it is none that can be used.
 */
export const readSshLine = (line: string): JwkObject | string => {
  const [type = '', base64 = ''] = line.split(/[ \t]+/, 2);
  const bad = 'is not a valid OpenSSH public key';
  if (type === 'ssh-dss') return 'is a DSA key, which verifies no supported algorithm';
  if (type.startsWith('sk-')) return 'is a security-key OpenSSH key, which signs no tokens';
  if (type.includes('-cert-v')) return 'is an OpenSSH certificate; give the public key itself';
  const blob = Buffer.from(base64, 'base64');
  if (blob.toString('base64').replaceAll('=', '') !== base64.replaceAll('=', '')) return bad;
  const [inner, first, second, ...rest] = fieldsOf(blob) ?? [];
  if (inner?.toString('latin1') !== type || first === undefined || rest.length > 0) return bad;
  if (type === 'ssh-ed25519') {
    if (second !== undefined || first.length !== 32) return bad;
    return { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') };
  }
  if (second === undefined) return bad;
  if (type === 'ssh-rsa') {
    return { kty: 'RSA', n: second.toString('base64url'), e: first.toString('base64url') };
  }
  const curve = first.toString('latin1');
  return (type === `ecdsa-sha2-${curve}` ? ecJwk(curve, second) : null) ?? bad;
};
