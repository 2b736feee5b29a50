import type { TokenFacts } from '../event/facts.ts';
import { remembering } from './remembering.ts';

/** Roles and scopes of a token that are among the privileged ones, in any letter case. */
export type PrivilegesOf = (token: TokenFacts) => readonly string[];

const NONE: readonly string[] = [];
/** A power of two. */
const PLACES = 1 << 12;

/** By the set itself: rules that ask about the same token one after the other share what was found. */
const made = new WeakMap<ReadonlySet<string>, PrivilegesOf>();

export const createPrivilegesOf = (privileged: ReadonlySet<string>): PrivilegesOf => {
  const known = made.get(privileged);
  if (known !== undefined) return known;
  const privilegesOf = remembered(privileged);
  made.set(privileged, privilegesOf);
  return privilegesOf;
};

/** No name is looked at twice, and no token that was asked about a moment ago. */
const remembered = (privileged: ReadonlySet<string>): PrivilegesOf => {
  const isPrivileged = remembering(
    (name) => privileged.has(name) || privileged.has(name.toLowerCase()),
  );
  const find = ({ roles, scopes }: TokenFacts): readonly string[] => {
    if (!roles.some(isPrivileged) && !scopes.some(isPrivileged)) return NONE;
    return [...roles, ...scopes].filter(isPrivileged);
  };
  const tokens = Array<TokenFacts | null>(PLACES).fill(null);
  const found = Array.from({ length: PLACES }, () => NONE);
  return (token) => {
    const place = token.hash & (PLACES - 1);
    if (tokens[place] !== token) {
      tokens[place] = token;
      found[place] = find(token);
    }
    return found[place]!;
  };
};
