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
    const head = { source: source[Symbol.asyncIterator](), batch: [], at: 0 };
    if (await fill(head)) heads.push(head);
  }
  while (heads.length > 0) {
    const first = earliest(heads);
    const limit = earliestOther(heads, first);
    while (first.at < first.batch.length) {
      const use = first.batch[first.at]!;
      if (use.time > limit) break;
      sink(use);
      first.at++;
    }
    if (!(await fill(first))) heads.splice(heads.indexOf(first), 1);
  }
};

/** False where the source has no more. */
const fill = async (head: Head): Promise<boolean> => {
  while (head.at >= head.batch.length) {
    const next = await head.source.next();
    if (next.done === true) return false;
    head.batch = next.value;
    head.at = 0;
  }
  return true;
};

const timeOf = ({ batch, at }: Head): number => {
  const { time } = batch[at]!;
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};

const earliest = (heads: readonly Head[]): Head =>
  heads.reduce((least, head) => (timeOf(head) < timeOf(least) ? head : least));

const earliestOther = (heads: readonly Head[], first: Head): number =>
  heads.reduce(
    (least, head) => (head === first ? least : Math.min(least, timeOf(head))),
    Number.POSITIVE_INFINITY,
  );

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
