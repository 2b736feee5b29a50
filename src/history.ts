import { Buffer } from 'node:buffer';
import { AuthlogError } from './errors.ts';
import type { AuthEvent } from './event/event.ts';
import { encodeEvent } from './event/encode.ts';
import { tokenIdWords } from './event/token.ts';
import type { Use } from './judge/columns.ts';
import { GroupedUses } from './judge/grouped.ts';
import { NO_IDENTITY, type JudgedBlock } from './judge/judged.ts';
import { Notices } from './judge/notices.ts';
import type { Incomplete, Input } from './source/input.ts';
import { openStore } from './store/open.ts';
import type {
  EventFilter,
  EventStore,
  LineCounts,
  MissingPart,
  TokenGroup,
} from './store/store.ts';
import { Identities } from './verify/identities.ts';
import type { Policy } from './verify/policy.ts';

/** What reading a store came to, beside its events. */
export interface HistoryResult {
  readonly lines: number;
  readonly incomplete: readonly Incomplete[];
}

/** Remarks that groups tell by themselves; the others were counted when lines were read. */
const FROM_GROUPS: ReadonlySet<string> = new Set([
  'accepted_anyway',
  'no_expiry',
  'exp_looks_like_ms',
]);

/** Hands what a store has grouped to `sink` as judged blocks; `keys` are the ids of the ring. */
export const judgeHistory = async (
  input: Input,
  filter: EventFilter,
  policy: Policy,
  keys: readonly string[],
  sink: (judged: JudgedBlock) => void | Promise<void>,
): Promise<HistoryResult> =>
  withStore(input, async (store, onMissing) => {
    const blocks = new GroupBlocks(policy, keys);
    let tokens = 0;
    try {
      for await (const groups of store.groups(filter, onMissing)) {
        const judged = blocks.add(groups);
        tokens += judged.uses.reduce((sum, n) => sum + n, 0);
        await sink(judged);
      }
    } catch (error) {
      // What was read before counts, so its lines must too.
      await sink(blocks.lines(countsOf(tokens)));
      throw error;
    }
    const { since, until, verdicts } = filter;
    const isWhole = since === null && until === null && verdicts === undefined;
    const counts = (isWhole ? await store.counts() : null) ?? countsOf(tokens);
    await sink(blocks.lines(counts));
    return counts.lines;
  });

/** Hands the events of a store to `sink`, in the order of their time. */
export const readHistory = async (
  input: Input,
  filter: EventFilter,
  sink: (events: readonly AuthEvent[]) => void | Promise<void>,
): Promise<HistoryResult> =>
  withStore(input, async (store, onMissing) => {
    let lines = 0;
    for await (const events of store.events(filter, onMissing)) {
      lines += events.length;
      await sink(events);
    }
    return lines;
  });

/** Hands the events of a store to `sink` as lines of NDJSON, in the order of their time. */
export const printHistory = async (
  input: Input,
  filter: EventFilter,
  sink: (lines: Uint8Array, events: number) => Promise<void>,
): Promise<HistoryResult> =>
  readHistory(input, filter, async (events) => {
    const lines = events.map(printed);
    await sink(Buffer.from(lines.join('')), events.length);
  });

const printed = (event: AuthEvent): string => {
  const told = { ...event, verified_by: 'recorder' };
  return `${encodeEvent(told)}\n`;
};

const withStore = async (
  { url, path }: Input,
  read: (store: EventStore, onMissing: (part: MissingPart) => void) => Promise<number>,
): Promise<HistoryResult> => {
  const incomplete: Incomplete[] = [];
  let store: EventStore | null = null;
  try {
    store = await openStore(url!, { create: false });
    const lines = await read(store, ({ name, detail }) => {
      const told = `${name} did not answer: ${detail}`;
      if (incomplete.some((known) => known.detail === told)) return;
      incomplete.push({ path, reason: 'unreadable', detail: told });
    });
    return { lines, incomplete };
  } catch (error) {
    if (!(error instanceof AuthlogError) || error.code !== 'INPUT') throw error;
    incomplete.push({ path, reason: 'unreadable', detail: error.message });
    return { lines: 0, incomplete };
  } finally {
    await store?.close();
  }
};

/** Within a window of time only the events count, each as one line. */
const countsOf = (tokens: number): LineCounts => ({
  lines: tokens,
  linesWithToken: tokens,
  linesSkipped: 0,
  notices: {},
});

/** Makes judged blocks of groups, as if each use had been read; keeps the users' numbers. */
class GroupBlocks {
  readonly #identities = new Identities();
  readonly #grouped = new GroupedUses();
  readonly #notices: Notices;
  readonly #keys: ReadonlyMap<string, number>;

  constructor(policy: Policy, keys: readonly string[]) {
    this.#notices = new Notices(policy);
    this.#keys = new Map(keys.map((id, index) => [id, index]));
  }

  add(groups: readonly TokenGroup[]): JudgedBlock & { readonly uses: Float64Array } {
    this.#identities.startOverIfFull(false);
    for (const group of groups) {
      const { verdict, expiry, identity, uses, accepted, first } = group;
      this.#notices.addUses(verdict, expiry, identity !== null, uses, accepted);
      this.#grouped.add(this.#useOf(group), first, uses);
    }
    return this.#block();
  }

  /** The lines that were read for the events, as a block without tokens. */
  lines({ notices, ...lines }: LineCounts): JudgedBlock {
    for (const [code, count] of Object.entries(notices)) {
      if (!FROM_GROUPS.has(code)) this.#notices.add(code, count);
    }
    return { ...this.#block(), ...lines };
  }

  #useOf(group: TokenGroup): Use {
    const [fingerprintHigh, fingerprintLow] = tokenIdWords(group.tokenId);
    const { identity, key } = group;
    return {
      verdict: group.verdict,
      identity: identity === null ? NO_IDENTITY : this.#identities.numberOf(identity),
      expiry: group.expiry,
      time: group.last,
      fingerprintHigh,
      fingerprintLow,
      key: key === null ? -1 : (this.#keys.get(key) ?? -1),
    };
  }

  #block(): JudgedBlock & { readonly uses: Float64Array } {
    return this.#grouped.take(this.#identities.takeFresh(), this.#notices.take());
  }
}
