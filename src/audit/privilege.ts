import type { TokenFacts } from '../event/facts.ts';

/** Roles and scopes of a token that are among the privileged ones, in any letter case. */
export type PrivilegesOf = (token: TokenFacts) => readonly string[];

const MOST_REMEMBERED = 10_000;

/** Asked for every use: no name is looked at twice, and what grants nothing costs no memory. */
export const createPrivilegesOf = (privileged: ReadonlySet<string>): PrivilegesOf => {
  const known = new Map<string, boolean>();
  const isPrivileged = (name: string): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = privileged.has(name) || privileged.has(name.toLowerCase());
      if (known.size === MOST_REMEMBERED) known.clear();
      known.set(name, answer);
    }
    return answer;
  };
  return ({ roles, scopes }) => {
    if (!roles.some(isPrivileged) && !scopes.some(isPrivileged)) return NONE;
    return [...roles, ...scopes].filter(isPrivileged);
  };
};

const NONE: readonly string[] = [];
