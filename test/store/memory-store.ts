import { identityOf, tellsClaims } from '../../src/event/decode.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import type {
  Appended,
  Batch,
  Checkpoint,
  EventFilter,
  EventStore,
  EventSubject,
  LineCounts,
  TokenGroup,
} from '../../src/store/store.ts';

type Forgotten = Parameters<EventStore['forget']>[0];

/** When an event was, in milliseconds; NaN for never. */
export const timeOf = (event: RecordedEvent): number =>
  event.time === null ? Number.NaN : Date.parse(event.time);

/** The contract in its plainest form: slow, and easy to see through. */
export class MemoryStore implements EventStore {
  /** Lines by event id: an event that was handed in can change later. */
  readonly #lines = new Map<string, string>();
  readonly #checkpoints = new Map<string, string>();
  #counts: LineCounts | null = null;

  async append({ events, checkpoint, counts }: Batch): Promise<Appended> {
    let added = 0;
    for (const event of events) {
      if (this.#lines.has(event.event_id)) continue;
      this.#lines.set(event.event_id, encodeEvent(event));
      added++;
    }
    if (checkpoint !== null) this.#checkpoints.set(checkpoint.source, checkpoint.state);
    if (counts !== null) this.#counts = sum(this.#counts, counts);
    return { added, known: events.length - added };
  }

  async checkpoint(source: string): Promise<Checkpoint | null> {
    const state = this.#checkpoints.get(source);
    return state === undefined ? null : { source, state };
  }

  async counts(): Promise<LineCounts | null> {
    return this.#counts;
  }

  async *events(filter: EventFilter): AsyncIterable<readonly RecordedEvent[]> {
    yield this.#found(filter);
  }

  async *groups(filter: EventFilter): AsyncIterable<readonly TokenGroup[]> {
    const groups = new Map<string, TokenGroup>();
    for (const event of this.#found(filter)) {
      if (event.verdict === null) continue;
      const use = groupOf(event);
      const { tokenId, verdict, identity, key } = use;
      const name = JSON.stringify([tokenId, verdict, identity, String(use.expiry), key]);
      groups.set(name, join(groups.get(name), use));
    }
    yield [...groups.values()].toSorted(
      (a, b) =>
        (Number.isNaN(a.last) ? -Infinity : a.last) - (Number.isNaN(b.last) ? -Infinity : b.last) ||
        0,
    );
  }

  async revision(): Promise<string> {
    return [...this.#lines.keys()].join(' ');
  }

  async forget(what: Forgotten): Promise<number> {
    let forgotten = 0;
    for (const event of this.#found({ since: null, until: null })) {
      const goes = 'before' in what ? timeOf(event) < what.before : event.user_id === what.userId;
      if (goes && this.#lines.delete(event.event_id)) forgotten++;
    }
    return forgotten;
  }

  async close(): Promise<void> {}

  #found({ since, until, verdicts, about }: EventFilter): readonly RecordedEvent[] {
    return [...this.#lines.values()]
      .map((line) => JSON.parse(line) as RecordedEvent)
      .filter((event) => verdicts === undefined || verdicts.includes(event.verdict))
      .filter((event) => about === undefined || isAbout(event, about))
      .filter((event) => {
        const time = timeOf(event);
        if (Number.isNaN(time)) return since === null && until === null;
        return time >= (since ?? -Infinity) && time < (until ?? Infinity);
      })
      .toSorted(inOrder);
  }
}

const isAbout = (event: RecordedEvent, about: EventSubject): boolean => {
  if ('tokenId' in about) return event.token_id === about.tokenId;
  return 'ip' in about ? event.ip === about.ip : event.user_id === about.userId;
};

/** By time, those without one last, then by id. */
export const inOrder = (a: RecordedEvent, b: RecordedEvent): number => {
  const [one, other] = [timeOf(a), timeOf(b)].map((t) => (Number.isNaN(t) ? Infinity : t));
  if (one !== other) return one! < other! ? -1 : 1;
  return a.event_id < b.event_id ? -1 : a.event_id > b.event_id ? 1 : 0;
};

const groupOf = (event: RecordedEvent): TokenGroup => ({
  tokenId: event.token_id!,
  verdict: event.verdict!,
  identity: tellsClaims(event) ? identityOf(event) : null,
  expiry: event.exp === null ? Number.NaN : Number(event.exp),
  key: event.key,
  uses: 1,
  accepted: event.status !== null && event.status >= 200 && event.status < 300 ? 1 : 0,
  first: timeOf(event),
  last: timeOf(event),
});

const join = (known: TokenGroup | undefined, use: TokenGroup): TokenGroup =>
  known === undefined
    ? use
    : {
        ...known,
        uses: known.uses + 1,
        accepted: known.accepted + use.accepted,
        first: earliest(known.first, use.first),
        last: -earliest(-known.last, -use.last),
      };

const earliest = (a: number, b: number): number =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);

const sum = (a: LineCounts | null, b: LineCounts): LineCounts => {
  if (a === null) return b;
  const notices = { ...a.notices };
  for (const [code, count] of Object.entries(b.notices))
    notices[code] = (notices[code] ?? 0) + count;
  return {
    lines: a.lines + b.lines,
    linesWithToken: a.linesWithToken + b.linesWithToken,
    linesSkipped: a.linesSkipped + b.linesSkipped,
    notices,
  };
};
