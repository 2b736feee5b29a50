import { Buffer } from 'node:buffer';
import { readRoles, shownText, type Identity } from '../verify/identity.ts';

/** Three lengths and a number stand before the text. */
const TEXT = 16;

/** Roles as claims spell them: few different ones, so each is read once. */
const knownRoles = new Map<string, readonly string[]>();
const MOST_KNOWN_ROLES = 4096;

/** The identity whose spelling the kernel keeps at `at`: three lengths, then the values of user, e-mail and roles. */
export const readSpelling = (memory: Buffer, at: number): Identity => {
  const userEnd = memory.readUInt32LE(at);
  const emailEnd = userEnd + memory.readUInt32LE(at + 4);
  const rolesEnd = emailEnd + memory.readUInt32LE(at + 8);
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

const rolesOf = (json: string): readonly string[] => {
  let roles = knownRoles.get(json);
  if (roles === undefined) {
    roles = readRoles(json === '' ? undefined : JSON.parse(json));
    if (knownRoles.size >= MOST_KNOWN_ROLES) knownRoles.clear();
    knownRoles.set(json, roles);
  }
  return roles;
};
