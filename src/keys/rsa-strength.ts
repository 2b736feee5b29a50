const LEAST_BITS = 2048;
// OpenSSL verifies nothing with a longer modulus, so such a key could only fail later.
const MOST_BITS = 16_384;

const FINGERPRINT_PRIMES: readonly number[] = [
  11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
];

const subgroupOf65537 = (prime: number): ReadonlySet<number> => {
  const members = new Set<number>();
  for (let power = 1; !members.has(power); power = (power * 65_537) % prime) members.add(power);
  return members;
};

/** Whether a modulus was made by the weak generator of CVE-2017-15361 (ROCA): all its residues are powers of 65537. */
export const hasRocaFingerprint = (modulus: bigint): boolean =>
  FINGERPRINT_PRIMES.every((prime) => subgroupOf65537(prime).has(Number(modulus % BigInt(prime))));

/**
 * Why an RSA public key must not be trusted, null when it may be (RFC 7518 section 3.3, RFC 8725 section 3.5).
 * The sentence goes on from the key's name and holds no part of the key.
 */
export const rsaWeakness = (modulus: bigint, exponent: bigint): string | null => {
  const bits = modulus.toString(2).length;
  if (bits < LEAST_BITS) return `is an RSA key of ${bits} bits; at least ${LEAST_BITS} are needed`;
  if (bits > MOST_BITS) return `is an RSA key of ${bits} bits; at most ${MOST_BITS} can be used`;
  if (exponent < 3n || exponent % 2n === 0n) {
    return 'is an RSA key with an unsafe public exponent: it must be odd and at least 3';
  }
  if (modulus % 2n === 0n) return 'is an RSA key with an even modulus';
  if (hasRocaFingerprint(modulus)) {
    return 'is an RSA key from the broken generator of CVE-2017-15361 (ROCA)';
  }
  return null;
};
