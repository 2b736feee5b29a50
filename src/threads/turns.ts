import type { JudgePool } from './pool.ts';

/** What of the pool tells when another block may be given to it. */
type Judges = Pick<JudgePool, 'hasRoom' | 'changed' | 'depth'>;

interface Turn<Item> {
  readonly item: Item;
  readonly settled: Promise<void>;
  isSettled: boolean;
}

/** What judges finish in any order, taken in the order in which it was given to them. */
export class Turns<Item> {
  readonly #pool: Judges;
  readonly #take: (item: Item) => Promise<void>;
  readonly #queue: Turn<Item>[] = [];

  /** @param take may wait for what comes of the item, and fails with it */
  constructor(pool: Judges, take: (item: Item) => Promise<void>) {
    this.#pool = pool;
    this.#take = take;
  }

  /** @param result what its turn waits for: a failure counts no sooner; absent: nothing */
  add(item: Item, result: Promise<unknown> = Promise.resolve()): void {
    const settle = (): void => {
      turn.isSettled = true;
    };
    const turn: Turn<Item> = { item, settled: result.then(settle, settle), isSettled: false };
    this.#queue.push(turn);
  }

  /** Takes what is finished, until a judge would soon begin with another block. */
  async makeRoom(): Promise<void> {
    for (;;) {
      while (this.#queue[0]?.isSettled === true) await this.#takeFirst();
      const [first] = this.#queue;
      const hasRoom = this.#pool.hasRoom && this.#queue.length <= this.#pool.depth * 2;
      if (first === undefined || hasRoom) return;
      await Promise.race([first.settled, this.#pool.changed()]);
    }
  }

  /** Takes all that is left. */
  async finish(): Promise<void> {
    while (this.#queue.length > 0) await this.#takeFirst();
  }

  /** What was not taken, which after a failure may be some. */
  get rest(): readonly Item[] {
    return this.#queue.map(({ item }) => item);
  }

  async #takeFirst(): Promise<void> {
    await this.#take(this.#queue.shift()!.item);
  }
}
