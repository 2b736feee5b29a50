import type { TokenFacts } from '../event/facts.ts';

/** Roles and scopes of a token that are among the privileged ones, in any letter case. */
export const privilegesOf = (
  { roles, scopes }: TokenFacts,
  privileged: ReadonlySet<string>,
): readonly string[] => {
  let found: string[] | null = null;
  for (const names of [roles, scopes]) {
    for (const name of names) {
      if (privileged.has(name) || privileged.has(name.toLowerCase())) (found ??= []).push(name);
    }
  }
  return found ?? NONE;
};

const NONE: readonly string[] = [];
