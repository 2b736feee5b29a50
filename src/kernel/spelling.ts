import { Buffer } from 'node:buffer';
import type { Spellings } from '../verify/identities.ts';
import { readRoles, shownText, type Identity } from '../verify/identity.ts';

/** Three lengths and a number stand before the text, and each spelling starts at a round place. */
const TEXT = 16;
const ROUND = 15;

/** The identities that are spelled, in their order. */
export const readSpellings = ({ count, bytes }: Spellings): readonly Identity[] => {
  const memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let next = 0;
  return Array.from({ length: count }, () => {
    const at = next;
    next += (TEXT + lengthAt(memory, at, 3) + ROUND) & ~ROUND;
    return readSpelling(memory, at);
  });
};

const lengthAt = (memory: Buffer, at: number, parts: number): number => {
  let length = 0;
  for (let i = 0; i < parts; i++) length += memory.readUInt32LE(at + i * 4);
  return length;
};

/** Roles as claims spell them: few different ones, so each is read once. */
const knownRoles = new Map<string, readonly string[]>();
const MOST_KNOWN_ROLES = 4096;

/** The identity whose spelling the kernel keeps at `at`: three lengths, then the values of user, e-mail and roles. */
export const readSpelling = (memory: Buffer, at: number): Identity => {
  const userEnd = lengthAt(memory, at, 1);
  const emailEnd = lengthAt(memory, at, 2);
  const rolesEnd = lengthAt(memory, at, 3);
  const text = memory.toString('latin1', at + TEXT, at + TEXT + rolesEnd);
  const user = text.slice(0, userEnd);
  const email = emailEnd === userEnd ? '' : shownText(text.slice(userEnd + 1, emailEnd - 1));
  const roles = rolesOf(text.slice(emailEnd));
  const named = { email: email === '' ? null : email, roles };
  if (user === '') return { userIdType: 'none', userId: null, ...named };
  return user.startsWith('"')
    ? { userIdType: 'string', userId: shownText(user.slice(1, -1)), ...named }
    : { userIdType: 'number', userId: Number(user), ...named };
};

/**
 * How the kernel spells a user's id; null for one that it never spells, because no claims set holds it as it is.
 * One whose spelling it leaves to others (a long text, a number below zero) is as good as never spelled.
 */
export const spelledUser = ({ userIdType, userId }: Identity): string | null => {
  if (userIdType === 'none') return '';
  if (userIdType === 'string' && typeof userId === 'string') {
    return PLAIN_TEXT.test(userId) ? `"${userId}"` : null;
  }
  if (userIdType !== 'number' || !Number.isInteger(userId) || typeof userId !== 'number') return null;
  return userId >= 0 && userId < 1e15 ? String(userId) : null;
};

/** ASCII that needs no escape. */
const PLAIN_TEXT = /^[ !#-[\]-~]{1,67}$/;

const rolesOf = (json: string): readonly string[] => {
  let roles = knownRoles.get(json);
  if (roles === undefined) {
    roles = readRoles(json === '' ? undefined : JSON.parse(json));
    if (knownRoles.size >= MOST_KNOWN_ROLES) knownRoles.clear();
    knownRoles.set(json, roles);
  }
  return roles;
};
