import type { Identity } from '../../src/verify/identity.ts';
import type { Random } from '../oracle/random.ts';

/** As plain claims hold it: nothing that needs an escape. */
const isPlain = (text: string): boolean => /^[ -~]+$/.test(text) && !/["\\]/.test(text);

const spelledUser = ({ userIdType, userId }: Identity): string | null => {
  if (userIdType === 'none') return '';
  if (typeof userId === 'string') return isPlain(userId) ? `"${userId}"` : null;
  if (typeof userId !== 'number' || !Number.isInteger(userId)) return null;
  return Math.abs(userId) < 1e15 ? String(userId) : null;
};

/** One of the ways in which claims may spell who it is: user, e-mail and roles; null where it takes escapes. */
export const spellingOf = (
  identity: Identity,
  { once, pick }: Random,
): readonly [user: string, email: string, roles: string] | null => {
  const user = spelledUser(identity);
  const { email, roles } = identity;
  if (user === null || ![...roles, email ?? 'x'].every(isPlain)) return null;
  const list = JSON.stringify(once(2) ? roles : roles.toReversed());
  const ways = [list, ...(roles.length === 0 ? ['', '""'] : [])];
  if (roles.length === 1) ways.push(JSON.stringify(roles[0]));
  return [user, email === null ? '' : `"${email}"`, pick(ways)];
};

/** The bytes of spellings: three lengths, a number that nobody reads, the texts, up to the next sixteen bytes. */
export const bytesOf = (spellings: readonly (readonly string[])[]): Uint8Array =>
  Buffer.concat(
    spellings.map((parts) => {
      const text = parts.join('');
      const bytes = Buffer.alloc(Math.ceil((16 + text.length) / 16) * 16, 0xee);
      for (const [at, part] of parts.entries()) bytes.writeUInt32LE(part.length, at * 4);
      bytes.write(text, 16, 'latin1');
      return bytes;
    }),
  );
