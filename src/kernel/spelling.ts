import { Buffer } from 'node:buffer';
import type { Spellings } from '../verify/identities.ts';
import { NO_ROLES, readRoles, shownText, type Identity } from '../verify/identity.ts';

/** Three lengths and a number stand before the text, and each spelling starts at a round place. */
const TEXT = 16;
const ROUND = 15;
const QUOTE = 0x22;

/** The identities that are spelled, in their order. */
export const readSpellings = ({ count, bytes }: Spellings): readonly Identity[] => {
  const memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let next = 0;
  return Array.from({ length: count }, () => {
    const at = next;
    const length = [0, 4, 8].reduce((sum, part) => sum + memory.readUInt32LE(at + part), TEXT);
    next += (length + ROUND) & ~ROUND;
    return readSpelling(memory, at);
  });
};

/** Roles as claims spell them: few different ones, so each is read once. */
const knownRoles = new Map<string, readonly string[]>();
const MOST_KNOWN_ROLES = 4096;

/** The identity whose spelling the kernel keeps at `at`: three lengths, then the values of user, e-mail and roles. */
export const readSpelling = (memory: Buffer, at: number): Identity => {
  const user = at + TEXT;
  const email = user + memory.readUInt32LE(at);
  const roles = email + memory.readUInt32LE(at + 4);
  const end = roles + memory.readUInt32LE(at + 8);
  const named = {
    email: roles - email > 2 ? shownText(memory.toString('latin1', email + 1, roles - 1)) : null,
    roles: end === roles ? NO_ROLES : rolesOf(memory.toString('latin1', roles, end)),
  };
  if (user === email) return { userIdType: 'none', userId: null, ...named };
  return memory[user] === QUOTE
    ? {
        userIdType: 'string',
        userId: shownText(memory.toString('latin1', user + 1, email - 1)),
        ...named,
      }
    : { userIdType: 'number', userId: Number(memory.toString('latin1', user, email)), ...named };
};

/**
 * How the kernel spells a user's id; null for one that it never spells, because no claims set holds it as it is.
 * One whose spelling it leaves to others (a long text, a number below zero) is as good as never spelled.
 */
const spelledUser = ({ userIdType, userId }: Identity): string | null => {
  if (userIdType === 'none') return '';
  if (userIdType === 'string' && typeof userId === 'string') {
    return PLAIN_TEXT.test(userId) ? `"${userId}"` : null;
  }
  if (userIdType !== 'number' || !Number.isInteger(userId) || typeof userId !== 'number')
    return null;
  return userId >= 0 && userId < 1e15 ? String(userId) : null;
};

/** Writes the spelling of a user without e-mail and roles to `at`; false for one that the kernel never spells. */
export const spellUser = (memory: Buffer, at: number, identity: Identity): boolean => {
  const user = spelledUser(identity);
  if (user === null) return false;
  memory.fill(0, at, at + TEXT);
  memory.writeUInt32LE(user.length, at);
  memory.write(user, at + TEXT, 'latin1');
  return true;
};

/** ASCII that needs no escape. */
const PLAIN_TEXT = /^[ !#-[\]-~]{1,67}$/;

const rolesOf = (json: string): readonly string[] => {
  let roles = knownRoles.get(json);
  if (roles === undefined) {
    roles = readRoles(JSON.parse(json));
    if (knownRoles.size >= MOST_KNOWN_ROLES) knownRoles.clear();
    knownRoles.set(json, roles);
  }
  return roles;
};
