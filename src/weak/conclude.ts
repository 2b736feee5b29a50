import { basename } from 'node:path';
import { secretBytesFor } from '../keys/algs.ts';
import type { VerificationKey } from '../keys/key.ts';
import { printable } from '../keys/printable.ts';
import type { Hit } from './guesser.ts';
import type { TokenPlace, TokenSample, WeakSecret } from './weak-secret.ts';
import { secretFault } from './weakness.ts';

/** A hit and the list that it comes from; null is our own, whose lines are phrases. */
export interface Find {
  readonly list: string | null;
  readonly hit: Hit;
}

/** What is to be said of each configured secret, and of each other one that tokens were signed with. */
export const conclude = (
  secrets: readonly VerificationKey[],
  samples: readonly TokenSample[],
  finds: readonly Find[],
): readonly WeakSecret[] => [
  ...secrets.flatMap((key, number) => ofKey(key, number, samples, finds) ?? []),
  ...finds.flatMap((find) => ofTokens(find, samples) ?? []),
];

const ofKey = (
  key: VerificationKey,
  number: number,
  samples: readonly TokenSample[],
  finds: readonly Find[],
): WeakSecret | null => {
  const secret = key.secret!;
  const own = samples.filter((sample) => sample.key === key.id);
  const find = finds.find(({ hit }) => hit.secrets.includes(number)) ?? null;
  const fault = secretFault(secret, algOf(key, own));
  const reasons = [find === null ? null : placeOf(find), fault].filter((why) => why !== null);
  if (reasons.length === 0) return null;
  return {
    key: key.id,
    why: reasons.join(', and '),
    rank: find?.hit.line ?? null,
    length: secret.length,
    tokens: own.map(tokenPlace),
  };
};

/** The most demanding algorithm that the key was used for; where it was not, the least that it may be used for. */
const algOf = ({ algs }: VerificationKey, own: readonly TokenSample[]): string => {
  return byNeed(own.map(({ alg }) => alg)).at(-1) ?? byNeed(algs)[0]!;
};

const byNeed = (algs: readonly string[]): readonly string[] =>
  algs.toSorted((a, b) => secretBytesFor(a) - secretBytesFor(b));

const ofTokens = (find: Find, samples: readonly TokenSample[]): WeakSecret | null => {
  const { line, length, samples: numbers } = find.hit;
  const tokens = numbers.map((n) => samples[n]!).filter(({ key }) => key === null);
  if (tokens.length === 0) return null;
  return { key: null, why: placeOf(find), rank: line, length, tokens: tokens.map(tokenPlace) };
};

const placeOf = ({ list, hit: { line, form } }: Find): string => {
  const place =
    list === null
      ? `is number ${line} of the secrets that manuals and tutorials show`
      : `is line ${line} of ${printable(basename(list))}`;
  return form === 'text' ? place : `${place}, decoded from ${WORDS[form]}`;
};

const WORDS = { base64: 'base64', hex: 'hexadecimal digits' } as const;

const tokenPlace = ({ id, alg, kid, file, line, offset, time }: TokenSample): TokenPlace => ({
  id,
  alg,
  kid,
  file,
  line,
  offset,
  time,
});
