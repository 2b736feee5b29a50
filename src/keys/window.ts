/** Seconds since the epoch between which a key was in use; null for no bound. */
interface KeyWindow {
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const secondsOf = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const match = typeof value === 'string' ? RFC3339.exec(value) : null;
  if (match === null) return null;
  const day = new Date(`${match[1]!}-${match[2]!}-${match[3]!}T00:00:00Z`);
  // Date rolls 30 February over into March instead of refusing it.
  if (Number.isNaN(day.getTime()) || day.getUTCDate() !== Number(match[3])) return null;
  const milliseconds = Date.parse(match[0].replace(' ', 'T').toUpperCase());
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
};

/**
 * The time window of a JWK: `not_before`/`not_after`, else `nbf`/`exp`, as NumericDate or RFC 3339.
 * A string, to go on from the key's name, where a member is neither or the window is empty.
 */
export const readWindow = (jwk: Readonly<Record<string, unknown>>): KeyWindow | string => {
  const from = jwk['not_before'] ?? jwk['nbf'];
  const to = jwk['not_after'] ?? jwk['exp'];
  const notBefore = from === undefined ? null : secondsOf(from);
  const notAfter = to === undefined ? null : secondsOf(to);
  if ((from !== undefined && notBefore === null) || (to !== undefined && notAfter === null)) {
    return 'has a validity bound that is neither seconds since the epoch nor an RFC 3339 time';
  }
  if (notBefore !== null && notAfter !== null && notBefore > notAfter) {
    return 'is valid at no time: its first second is after its last';
  }
  return { notBefore, notAfter };
};
