import { byText } from '../summarize/order.ts';
import type { UserIdType } from '../verify/identity.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { Change, Comparison, Entry, Section, Threshold, UserName } from './comparison.ts';
import type { Counts, NameCounts } from './names.ts';
import { issuerOf, type WindowCounts } from './window-counts.ts';

/**
 * What differs between the two windows, the first `top` names of each kind, 0 for all. Verdicts and
 * keys are listed whether they changed or not, users and issuers where they did.
 */
export const compareCounts = (
  counts: WindowCounts,
  threshold: Threshold,
  top: number = 0,
): Pick<Comparison, 'users' | 'issuers' | 'verdicts' | 'keys'> => {
  const { start, since, until } = counts.windows;
  const judge = judgeBy((until - since) / (since - start), threshold);
  const changed: Shown = { judge, top, isAll: false };
  const all: Shown = { judge, top, isAll: true };
  return {
    users: sectionOf(counts.users, changed, userOf),
    issuers: sectionOf(counts.issuers, changed, (name) => ({ iss: issuerOf(name) })),
    verdicts: sectionOf(counts.verdicts, all, (name) => ({ verdict: name as Verdict })),
    keys: sectionOf(counts.keys, all, (key) => ({ key })),
  };
};

type Judge = (counts: Counts) => Entry;

/** `scale`: how many times as long the newer window is. */
const judgeBy =
  (scale: number, { growth, least }: Threshold): Judge =>
  ({ older, newer }) => {
    const expected = older * scale;
    const change = newer - expected;
    const isMuch = Math.abs(change) >= least;
    let state: Change = 'steady';
    if (older === 0) state = 'new';
    else if (newer === 0) state = 'gone';
    else if (isMuch && newer >= expected * growth) state = 'grown';
    else if (isMuch && expected >= newer * growth) state = 'shrunk';
    const factor = older === 0 ? null : rounded(newer / expected);
    return { state, older, newer, change: rounded(change), factor };
  };

/** To thousandths; never -0. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000 || 0;

interface Shown {
  readonly judge: Judge;
  readonly top: number;
  readonly isAll: boolean;
}

/** Names may be a million: what is made of them is made of those that are listed only. */
const sectionOf = <Name>(
  names: NameCounts,
  { judge, top, isAll }: Shown,
  nameOf: (name: string) => Name,
): Section<Name> => {
  const found: (readonly [name: string, counts: Readonly<Counts>])[] = [];
  const states: Record<Change, number> = { new: 0, gone: 0, grown: 0, shrunk: 0, steady: 0 };
  let older = 0;
  let newer = 0;
  for (const entry of names.entries()) {
    const [, counts] = entry;
    const { state } = judge(counts);
    states[state]++;
    if (counts.older > 0) older++;
    if (counts.newer > 0) newer++;
    if (isAll || state !== 'steady') found.push(entry);
  }
  const size = (counts: Counts): number => Math.abs(judge(counts).change);
  found.sort(
    ([a, one], [b, other]) => size(other) - size(one) || other.newer - one.newer || byText(a, b),
  );
  const entries = (top === 0 ? found : found.slice(0, top)).map(([name, counts]) => ({
    ...nameOf(name),
    ...judge(counts),
  }));
  return { older, newer, ...states, entries };
};

const NAMELESS: ReadonlySet<string> = new Set<UserIdType>(['none', 'non_string', 'other']);

/** The way back from `userKey`. */
const userOf = (key: string): UserName => {
  if (NAMELESS.has(key)) return { user_id: null, user_id_type: key as UserIdType };
  const text = key.slice(1);
  if (key.startsWith('s')) return { user_id: text, user_id_type: 'string' };
  // A number that is too large to be exact is its text.
  const value = Number(text);
  return { user_id: String(value) === text ? value : text, user_id_type: 'number' };
};
