import type { MissingPart } from '../store.ts';
import { isShardDown, isUnreachable, toAuthlogError } from './errors.ts';
import type { Server } from './server.ts';
import { missingShards } from './shards.ts';

/** The servers of a store; without a cluster there is one. */
export interface Servers {
  readonly all: readonly Server[];
  readonly cluster: string | null;
}

const PARTIAL = { skip_unavailable_shards: 1 } as const;

/**
 * Reads from all shards. Where one does not answer and `onMissing` is there to be told, reads from
 * the rest; else, or where no server answers, rejects with INPUT.
 */
export class Reader {
  readonly #servers: Servers;
  readonly #onMissing: ((part: MissingPart) => void) | null;
  readonly #told = new Set<string>();
  #current = 0;
  #isPartial = false;

  constructor(servers: Servers, onMissing?: (part: MissingPart) => void) {
    this.#servers = servers;
    this.#onMissing = onMissing ?? null;
  }

  async rows<T>(sql: string): Promise<readonly T[]> {
    for (let tries = 0; ; tries++) {
      try {
        const rows = await this.#server.rows<T>(sql, this.#isPartial ? PARTIAL : {});
        // A shard that died since would be left out without a word.
        if (this.#isPartial) await this.#tell();
        return rows;
      } catch (error) {
        await this.#recover(error, tries);
      }
    }
  }

  async *stream<T>(sql: string): AsyncIterable<readonly T[]> {
    for (let tries = 0; ; tries++) {
      let hasBegun = false;
      try {
        for await (const rows of this.#server.stream<T>(sql, this.#isPartial ? PARTIAL : {})) {
          // The server sends nothing before its result is whole.
          if (!hasBegun && this.#isPartial) await this.#tell();
          hasBegun = true;
          yield rows;
        }
        if (!hasBegun && this.#isPartial) await this.#tell();
        return;
      } catch (error) {
        if (hasBegun) throw toAuthlogError(error, 'INPUT', this.#server.name);
        await this.#recover(error, tries);
      }
    }
  }

  get #server(): Server {
    return this.#servers.all[this.#current]!;
  }

  /** Goes on with another server or without the missing shards, or throws. */
  async #recover(error: unknown, tries: number): Promise<void> {
    const { all, cluster } = this.#servers;
    const giveUp = (): never => {
      throw toAuthlogError(error, 'INPUT', this.#server.name);
    };
    if (cluster === null || this.#onMissing === null || tries > all.length) giveUp();
    if (isUnreachable(error)) {
      const next = await firstThatAnswers(all);
      if (next < 0 || next === this.#current) giveUp();
      this.#current = next;
    } else if (isShardDown(error) && !this.#isPartial) {
      // A shard may be back by now: then the whole is read once more.
      this.#isPartial = await this.#tell();
    } else giveUp();
  }

  /** Tells of each missing shard once; whether any is missing. */
  async #tell(): Promise<boolean> {
    const missing = await missingShards(this.#server, this.#servers.cluster!);
    for (const name of missing) {
      if (this.#told.has(name)) continue;
      this.#told.add(name);
      this.#onMissing?.({ name, detail: 'did not answer; its events are missing' });
    }
    return missing.length > 0;
  }
}

const firstThatAnswers = async (servers: readonly Server[]): Promise<number> => {
  for (const [at, server] of servers.entries()) {
    if (await answers(server)) return at;
  }
  return -1;
};

export const answers = async (server: Server): Promise<boolean> => {
  try {
    await server.ping();
    return true;
  } catch (error) {
    return !isUnreachable(error);
  }
};
