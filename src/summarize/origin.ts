import { NO_IDENTITY } from '../judge/judged.ts';
import { NO_SPELLINGS } from '../verify/identities.ts';
import type { Identity } from '../verify/identity.ts';
import { JudgeIdentities } from './judge-identities.ts';

/** A judge as the kernel tells it from others: its table there, and what its identity numbers mean. */
export interface Origin {
  readonly index: number;
  first: number;
  identities: JudgeIdentities;
}

/** The table for judges that have more identities than fit into their own. */
export const CROWD = 63;

/** The identities of some tokens numbered anew, for a judge that has more than its table holds: one long line can. */
export const crowdOf = (
  numbers: Uint32Array,
  origin: Origin,
): Origin & { readonly numbers: Uint32Array } => {
  const places = new Map<number, number>();
  const newIdentities: Identity[] = [];
  const local = numbers.map((number) => {
    if (number === NO_IDENTITY) return NO_IDENTITY;
    let place = places.get(number);
    if (place === undefined) {
      place = newIdentities.push(origin.identities.at(number - origin.first)) - 1;
      places.set(number, place);
    }
    return place;
  });
  const identities = new JudgeIdentities();
  identities.add({ firstIdentity: 0, newSpellings: NO_SPELLINGS, newIdentities });
  return { index: CROWD, first: 0, identities, numbers: local };
};
