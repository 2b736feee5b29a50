import type { BarsSection, TimelineSection } from '../../page/island.ts';
import type { Activity } from '../../summarize/activity.ts';
import { VERDICTS, type Verdict } from '../../verify/verdict.ts';
import { plural } from '../count.ts';

/** A word on each, for whoever meets them the first time. */
const MEANINGS: Readonly<Record<Verdict, string>> = {
  valid: 'verified, and in time when it was used',
  expired: 'verified, but used after its end',
  not_yet_valid: 'verified, but used before its start',
  bad_signature: 'none of your keys made this signature',
  alg_none: 'asks for no signature at all',
  alg_not_allowed: 'an algorithm that none of your keys is for',
  unknown_key: 'a key id that no key has, or a key that was not in use then',
  wrong_issuer: 'verified, but of another issuer',
  wrong_audience: 'verified, but for another audience',
  malformed: 'no token, although it claims to be',
  encrypted: 'can not be read without the decryption key',
  masked: 'somebody removed the signature from the log',
  oversized: 'too long, or cut off',
  unverified: 'signatures were not checked',
};

export const barsSection = (verdicts: Readonly<Record<Verdict, number>>): BarsSection => ({
  kind: 'bars',
  id: 'verdicts',
  title: 'Verdicts',
  about: null,
  half: true,
  bars: VERDICTS.filter((name) => verdicts[name] > 0).map((name) => ({
    name,
    count: verdicts[name],
    means: MEANINGS[name],
  })),
});

/** None where nothing has a time. */
export const timelineSections = (activity: Activity | null): readonly TimelineSection[] => {
  if (activity === null || activity.from.length === 0) return [];
  const { step, from, series, untimed } = activity;
  return [
    {
      kind: 'timeline',
      id: 'activity',
      title: 'Verdicts over time',
      about: untimed > 0 ? `${plural(untimed, 'token')} without a time can't be shown here.` : null,
      step,
      from,
      series,
    },
  ];
};
