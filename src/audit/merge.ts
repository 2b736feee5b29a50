import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Use } from './use.ts';

/** Uses of one source in the order of its log, a batch at a time. */
export type UseSource = AsyncIterable<readonly Use[]>;

const BATCHES_AHEAD = 2;

interface Head {
  readonly source: AsyncIterator<readonly Use[]>;
  batch: readonly Use[];
  at: number;
  /** Time of the next use. */
  time: number;
}

/**
 * Hands the uses of several sources to `sink`, the earliest first, as far as each source is in order itself. What has no
 * time passes at once.
 */
export const mergeUses = async (
  sources: readonly UseSource[],
  sink: (use: Use) => void,
): Promise<void> => {
  const heads: Head[] = [];
  for (const source of sources) {
    const head = { source: source[Symbol.asyncIterator](), batch: [], at: 0, time: Number.NaN };
    if (await fill(head)) heads.push(head);
  }
  while (heads.length > 0) {
    const first = earliest(heads);
    if (!handOn(first, heads, sink) && !(await fill(first))) heads.splice(heads.indexOf(first), 1);
  }
};

/** Hands on what is not later than the other heads; whether the batch has more. */
const handOn = (first: Head, heads: readonly Head[], sink: (use: Use) => void): boolean => {
  let limit = Number.POSITIVE_INFINITY;
  for (const head of heads) if (head !== first && head.time < limit) limit = head.time;
  const { batch } = first;
  while (first.at < batch.length) {
    const use = batch[first.at]!;
    if (use.time > limit) {
      first.time = use.time;
      return true;
    }
    sink(use);
    first.at++;
  }
  return false;
};

const earliest = (heads: readonly Head[]): Head => {
  let least = heads[0]!;
  for (const head of heads) if (head.time < least.time) least = head;
  return least;
};

/** False where the source has no more. */
const fill = async (head: Head): Promise<boolean> => {
  while (head.at >= head.batch.length) {
    const next = await head.source.next();
    if (next.done === true) return false;
    head.batch = next.value;
    head.at = 0;
  }
  const { time } = head.batch[head.at]!;
  head.time = Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
  return true;
};

/** What `work` hands on, a few batches ahead of who asks for them; ends, or fails, as it does. */
export const inBatches = (
  work: (hand: (uses: readonly Use[]) => Promise<void>) => Promise<void>,
): UseSource => {
  const batches = new PassThrough({ objectMode: true, highWaterMark: BATCHES_AHEAD });
  const hand = async (uses: readonly Use[]): Promise<void> => {
    if (uses.length > 0 && !batches.write(uses)) await once(batches, 'drain');
  };
  work(hand).then(
    () => batches.end(),
    (error: unknown) => batches.destroy(error as Error),
  );
  return batches as UseSource;
};
