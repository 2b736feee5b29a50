import type { Identity } from '../../src/verify/identity.ts';
import { VERDICTS, VERIFIED } from '../../src/verify/verdict.ts';
import type { Random } from '../oracle/random.ts';
import { DAY, NOW, person, type Use } from './uses.ts';

const [FIRST_DAY, LAST_DAY, DAYS_AT_HAND] = [-719_528, 2_932_896, 2 ** 17];
const EDGES = [0, 0.5, 1, 3600, DAY, 7 * DAY, 30 * DAY];
const FAR = [
  [-0, -1, -0.5, -DAY, -DAY - 1, 1e-9, DAY - 0.001, 5e-324, -1e300],
  [0, 1, 2].flatMap((days) => [(FIRST_DAY + days) * DAY, (FIRST_DAY + days) * DAY + 1]),
  [0, 1].flatMap((days) => [(LAST_DAY + days) * DAY - 1, (LAST_DAY + days) * DAY]),
  [DAYS_AT_HAND * DAY - 1, DAYS_AT_HAND * DAY, DAYS_AT_HAND * DAY + 0.5],
  [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 1e15, 1e308, Infinity, -Infinity, NaN],
].flat();

const randomExpiry = ({ below, once, pick }: Random): number => {
  if (once(4)) return pick(FAR);
  if (once(3)) return NOW + (once(2) ? 1 : -1) * (pick(EDGES) + pick([0, 1, -1, 0.25]));
  return NOW + (below(200) - 100) * DAY + below(DAY) + (once(3) ? 0.125 : 0);
};

const TIMES = [NaN, 0, -0, -1, -62_167_219_200_000, 253_402_300_799_999, 0.5, 1e300];

const randomTime = ({ below, once, pick }: Random): number =>
  once(4) ? pick(TIMES) : NOW * 1000 + below(1e9) - 5e8;

/** One of `users` people, with one of a few e-mails and lists of roles. */
const randomPerson = ({ below, once, pick }: Random, users: number): Identity => {
  const email = pick([null, null, 'old@example.com', 'new@example.com', 'a\0b']);
  const roles = pick([[], [], ['user'], ['admin'], ['admin', 'user'], ['b\0c'], ['b', 'c']]);
  if (once(12)) {
    const userIdType = pick(['none', 'non_string'] as const);
    return { userIdType, userId: null, email, roles };
  }
  const number = below(users);
  return person(once(3) ? number : `${number}`, { email, roles });
};

/** Another use of a token that a judge has told before: at another time, so that the verdict may be another too. */
export const useAgain = (use: Use, random: Random): Use => {
  const isVerified = VERIFIED.has(use.verdict!);
  const verdict = isVerified ? random.pick([...VERIFIED]) : use.verdict!;
  return { ...use, verdict, time: randomTime(random), again: true };
};

/** One use of a token by one of `users` people, of whatever kind and at whatever time. */
export const randomUse = (random: Random, users: number, keys: number): Use => {
  const { below, once, pick } = random;
  const verdict = once(3) ? pick(VERDICTS) : pick(['valid', 'expired'] as const);
  const isVerified = VERIFIED.has(verdict);
  return {
    who: isVerified || once(2) ? randomPerson(random, users) : null,
    verdict,
    token: once(8)
      ? [pick([0, 0xffff, 0x10000]), 1 + below(2)]
      : [below(40) << 20, 1 + below(12) * 7e7],
    exp: randomExpiry(random),
    time: randomTime(random),
    key: below(keys + 2) - 1,
  };
};
