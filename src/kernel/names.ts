import { Buffer } from 'node:buffer';
import { STATUS_PATHS, TIME_PATHS, WRAPPER_KEYS } from '../source/fields/object.ts';
import type { KernelExports } from './module.ts';

/** The group of names at the top of a line: behind that of claims, before those of objects in the line. */
const TOP = 1;

/** What a claim is to the kernel; bits, for `email` may also name the user. */
const CLAIM = { exp: 1, nbf: 2, iat: 4, email: 8, roles: 16, user: 32 } as const;
/** What a member of a line is: its time, its status, the holder of others, or for the slow way to read. */
const MEMBER = { time: 1, status: 2, holder: 3, slow: 4 } as const;

interface Meaning {
  readonly role: number;
  readonly rank: number;
}

/** Tells the kernel which names mean something; false where they are too many or too long for it. */
export const addNames = (exports: KernelExports, userClaims: readonly string[]): boolean => {
  const groups = [claimNames(userClaims), ...lineNames()];
  return groups.every((names, group) =>
    [...names].every(([name, { role, rank }]) => {
      const text = Buffer.from(name);
      const { memory, EXCHANGE } = exports;
      if (text.length > LONGEST_NAME) return false;
      new Uint8Array(memory.buffer, EXCHANGE.value, text.length).set(text);
      return exports.addName(text.length, group, role, rank) !== 0;
    }),
  );
};

/** What fits into the place where names are handed over. */
const LONGEST_NAME = 96;

const claimNames = (userClaims: readonly string[]): ReadonlyMap<string, Meaning> => {
  const names = new Map<string, Meaning>();
  const add = (name: string, role: number, rank: number): void => {
    const known = names.get(name);
    names.set(name, { role: role | (known?.role ?? 0), rank: known?.rank ?? rank });
  };
  for (const [rank, name] of userClaims.entries()) add(name, CLAIM.user, rank);
  for (const name of ['exp', 'nbf', 'iat', 'email'] as const) add(name, CLAIM[name], 0);
  for (const name of ['roles', 'role']) add(name, CLAIM.roles, 0);
  return names;
};

const plain = (role: number): Meaning => ({ role, rank: 0 });

/** The names at the top of a line, and those of each object in it that may tell the status. */
const lineNames = (): readonly ReadonlyMap<string, Meaning>[] => {
  const top = new Map<string, Meaning>();
  const groups: Map<string, Meaning>[] = [top];
  for (const key of WRAPPER_KEYS) top.set(key, plain(MEMBER.slow));
  for (const [key] of TIME_PATHS) top.set(key!, plain(MEMBER.time));
  for (const [key, inner, deeper] of STATUS_PATHS) {
    if (inner === undefined) top.set(key!, plain(MEMBER.status));
    else {
      if (!top.has(key!)) {
        groups.push(new Map());
        top.set(key!, { role: MEMBER.holder, rank: TOP + groups.length - 1 });
      }
      const group = groups[top.get(key!)!.rank - TOP]!;
      group.set(inner, plain(deeper === undefined ? MEMBER.status : MEMBER.slow));
    }
  }
  return groups;
};
