import { createHash } from 'node:crypto';
import { isoTime } from '../event/token.ts';
import type { Evidence, Finding } from './finding.ts';
import { rankOf, type Level } from './level.ts';
import type { Rule, Sighting } from './rule.ts';
import { isVerified, type Proof } from './use.ts';

export const MOST_EVIDENCE = 10;
/** Findings of one rule; the rest is only counted. */
const MOST_FINDINGS = 1000;

/** Null: nobody yet; undefined: several. */
type One<T> = T | null | undefined;

interface Draft {
  level: Level;
  why: string;
  count: number;
  first: number;
  last: number;
  user: One<string | number>;
  claimed: One<string | number>;
  ip: One<string>;
  readonly evidence: Map<string, Evidence>;
}

/** Gathers the sightings of one rule: one finding for each subject. */
export class Findings {
  readonly #rule: Rule;
  readonly #level: Level | null;
  readonly #drafts = new Map<string, Draft>();
  /** Sightings of subjects beyond the bound. */
  left = 0;

  /** @param level what the user has set for the rule, null to leave the level to it */
  constructor(rule: Rule, level: Level | null) {
    this.#rule = rule;
    this.#level = level;
  }

  add({ subject, level, uses, count, why }: Sighting): void {
    let draft = this.#drafts.get(subject);
    if (draft === undefined) {
      if (this.#drafts.size === MOST_FINDINGS) {
        this.left++;
        return;
      }
      draft = newDraft(level, why);
      this.#drafts.set(subject, draft);
    }
    draft.count += count ?? uses.length;
    if (rankOf(level) > rankOf(draft.level)) {
      draft.level = level;
      draft.why = why;
    }
    for (const use of uses) addUse(draft, use);
  }

  /** The findings so far. */
  *result(): IterableIterator<Finding> {
    const { id, title, attack } = this.#rule;
    for (const [subject, draft] of this.#drafts) {
      yield {
        id: findingId(id, subject),
        rule: id,
        level: this.#level ?? draft.level,
        title,
        user_id: draft.user ?? null,
        claimed_user_id: draft.claimed ?? null,
        ip: draft.ip ?? null,
        count: draft.count,
        first_seen: isoTime(draft.first),
        last_seen: isoTime(draft.last),
        why: draft.why,
        attack,
        evidence: [...draft.evidence.values()],
      };
    }
  }
}

/** Stays the same whatever else a log holds. */
export const findingId = (rule: string, subject: string): string =>
  `${rule}-${createHash('sha256').update(`${rule}\0${subject}`).digest('base64url').slice(0, 12)}`;

/** Worst first, then in the order of time; ties by id, so that two runs can be compared. */
export const inOrder = (a: Finding, b: Finding): number =>
  rankOf(b.level) - rankOf(a.level) ||
  compareTexts(a.first_seen ?? '', b.first_seen ?? '') ||
  compareTexts(a.id, b.id);

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const newDraft = (level: Level, why: string): Draft => ({
  level,
  why,
  count: 0,
  first: Number.NaN,
  last: Number.NaN,
  user: null,
  claimed: null,
  ip: null,
  evidence: new Map(),
});

const addUse = (draft: Draft, use: Proof): void => {
  const { time, token, ip } = use;
  if (!(time >= draft.first)) draft.first = Number.isNaN(time) ? draft.first : time;
  if (!(time <= draft.last)) draft.last = Number.isNaN(time) ? draft.last : time;
  if (token !== null && token.userId !== null) {
    if (isVerified(use)) draft.user = joined(draft.user, token.userId);
    else draft.claimed = joined(draft.claimed, token.userId);
  } else if (token === null) draft.user = joined(draft.user, userIdOf(use.user));
  draft.ip = joined(draft.ip, ip);
  if (draft.evidence.size >= MOST_EVIDENCE) return;
  const { file, line, offset } = use;
  const place = `${file ?? ''}\0${offset ?? ''}\0${token?.id ?? ''}\0${time}`;
  draft.evidence.set(place, {
    file,
    line,
    offset,
    token_id: token?.id ?? null,
    time: isoTime(time),
  });
};

/** The id in a `userKey`, null where it names nobody. */
const userIdOf = (key: string): string | number | null => {
  if (key.startsWith('s')) return key.slice(1);
  return /^n-?\d/.test(key) ? Number(key.slice(1)) : null;
};

const joined = <T>(known: One<T>, next: T | null): One<T> =>
  next === null || known === next ? known : known === null ? next : undefined;
