import { readEventLines } from '../event/lines.ts';
import type { BlockPlace, JudgedBlock } from '../judge/judged.ts';
import type { Samples } from '../judge/sampler.ts';
import type { UseColumns } from '../judge/uses.ts';
import { ColumnsReader, FileClock, usesOf, type Numbered } from './from-columns.ts';
import { useOfEvent } from './from-event.ts';
import { KnownTokens } from './known-tokens.ts';
import type { Use } from './use.ts';

/** The client of a way (`client, proxy, proxy`); null where only proxies are known. */
export type ClientAddress = (ip: string) => string | null;

/** Makes uses of judged blocks, whichever plan they are of. */
export class BlockDecoder {
  readonly #samples: Samples | null;
  readonly #clientAddress: ClientAddress | null;
  readonly #known = new KnownTokens();
  readonly #readers = new Map<number, ColumnsReader>();
  readonly #clocks = new Map<string, FileClock>();
  /** Of blocks that were taken before the turn of their uses. */
  readonly #taken = new WeakMap<UseColumns, Numbered>();

  /** @param samples gets tokens to try guesses on; null keeps none */
  constructor(samples: Samples | null, clientAddress: ClientAddress | null) {
    this.#samples = samples;
    this.#clientAddress = clientAddress;
  }

  /** Takes what a block numbers, before a later block of the same judge is taken. */
  take({ audit: columns }: JudgedBlock, origin: number): void {
    if (columns !== undefined) this.#taken.set(columns, this.#numbered(columns, origin));
  }

  /** The uses of a block, which is taken where it was not yet. */
  uses(judged: JudgedBlock, origin: number, { path, firstLine }: BlockPlace): readonly Use[] {
    const clock = entryOf(this.#clocks, path, () => new FileClock());
    const uses = this.#columns(judged, origin, { path, firstLine }, clock);
    if (judged.events !== null) {
      for (const event of readEventLines(judged.events)) {
        const time = event.time === null ? Number.NaN : Date.parse(event.time);
        uses.push(useOfEvent(event, clock.behind(time)));
      }
    }
    if (this.#clientAddress === null) return uses;
    return uses.map((use) => withClient(use, this.#clientAddress));
  }

  /** Another judge goes on under this origin. */
  startOver(origin: number): void {
    this.#readers.delete(origin);
  }

  #columns(
    { audit: columns }: JudgedBlock,
    origin: number,
    { path, firstLine }: BlockPlace,
    clock: FileClock,
  ): Use[] {
    if (columns === undefined) return [];
    for (const sample of columns.samples) {
      const line = sample.line === null ? null : sample.line + firstLine;
      this.#samples?.add({ ...sample, file: path, line });
    }
    const numbered = this.#taken.get(columns) ?? this.#numbered(columns, origin);
    return usesOf(columns, numbered, path, firstLine, clock);
  }

  #numbered(columns: UseColumns, origin: number): Numbered {
    return entryOf(this.#readers, origin, () => new ColumnsReader(this.#known)).take(columns);
  }
}

/** The use with its client in the place of a way. */
export const withClient = (use: Use, clientAddress: ClientAddress | null): Use =>
  use.ip === null || clientAddress === null ? use : { ...use, ip: clientAddress(use.ip) };

const entryOf = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
};
