import type { TokenFacts } from '../event/facts.ts';
import { remembering } from './remembering.ts';

/** Roles and scopes of a token that are among the privileged ones, in any letter case. */
export type PrivilegesOf = (token: TokenFacts) => readonly string[];

/** Asked for every use: no name is looked at twice, and what grants nothing costs no memory. */
export const createPrivilegesOf = (privileged: ReadonlySet<string>): PrivilegesOf => {
  const isPrivileged = remembering(
    (name) => privileged.has(name) || privileged.has(name.toLowerCase()),
  );
  return ({ roles, scopes }) => {
    if (!roles.some(isPrivileged) && !scopes.some(isPrivileged)) return NONE;
    return [...roles, ...scopes].filter(isPrivileged);
  };
};

const NONE: readonly string[] = [];
