import { compileKernel, type KernelModule } from '../kernel/module.ts';
import type { KeyRing, VerificationKey } from '../keys/key.ts';
import { hmacSize } from '../verify/hmac.ts';
import { conclude, type Find } from './conclude.ts';
import { Crew } from './crew.ts';
import { decodings } from './decodings.ts';
import type { Giveaway, Hit } from './guesser.ts';
import { KeyedHash } from './keyed-hash.ts';
import { encodings, knownGuesses, knownRank } from './known.ts';
import type { TokenSample, WeakSecret } from './weak-secret.ts';
import { findWordlists, readLines, type Lines, type Wordlist } from './wordlist.ts';

export interface SearchProgress {
  /** Path of the word list that is read. */
  readonly list: string;
  /** Bytes of it that were tried, and of all of it; null for a pipe. */
  readonly bytes: number;
  readonly size: number | null;
}

export interface WeakSearch {
  readonly keys: KeyRing | null;
  readonly samples: readonly TokenSample[];
  /** Paths; one secret a line. */
  readonly wordlists: readonly string[];
  readonly threads: number;
  /** Default: the kernel, where this machine can run it; null: its twin. */
  readonly kernel?: KernelModule | null;
  readonly onProgress?: (progress: SearchProgress) => void;
}

/**
 * Looks for secrets that can be guessed: the configured ones, and any that verifies sampled tokens. Our own list comes
 * first, then the word lists in their order. Rejects with USAGE where a list can't be read.
 */
export const searchWeakSecrets = async (search: WeakSearch): Promise<readonly WeakSecret[]> => {
  const lists = await findWordlists(search.wordlists);
  const secrets = (search.keys?.keys ?? []).filter(({ secret }) => secret !== null);
  const samples = search.samples
    .filter(({ alg, signature }) => signature.length > 0 && signature.length === hmacSize(alg))
    .map((sample) => withKey(sample, secrets));
  const hunt = new Hunt(samples, secrets, search);
  await hunt.tryKnown();
  for (const list of lists) await hunt.tryList(list);
  return conclude(secrets, samples, hunt.finds);
};

/** A configured secret may verify what the judge had no reason to try it on: a token with another `kid`. */
const withKey = (sample: TokenSample, secrets: readonly VerificationKey[]): TokenSample => {
  if (sample.key !== null) return sample;
  const hash = new KeyedHash(sample.alg, sample.input, sample.signature);
  const owner = secrets.find(({ secret }) => hash.isKey(secret!, 0, secret!.length));
  return owner === undefined ? sample : { ...sample, key: owner.id };
};

/** One search: what is still to be found, and what was. */
class Hunt {
  readonly finds: Find[] = [];
  readonly #samples: readonly TokenSample[];
  readonly #giveaways: readonly Giveaway[];
  readonly #search: WeakSearch;
  readonly #openSamples: Set<number>;
  readonly #openSecrets: Set<number>;

  constructor(
    samples: readonly TokenSample[],
    secrets: readonly VerificationKey[],
    search: WeakSearch,
  ) {
    this.#samples = samples;
    this.#search = search;
    this.#giveaways = secrets.flatMap(({ secret }, number) => giveawaysOf(secret!, number));
    this.#openSamples = new Set(samples.flatMap(({ key }, i) => (key === null ? [i] : [])));
    this.#openSecrets = new Set(secrets.keys());
    for (const [number, { secret }] of secrets.entries()) {
      const rank = knownRank(secret!);
      if (rank === null) continue;
      this.#openSecrets.delete(number);
      const { length } = secret!;
      const hit: Hit = { line: rank, form: 'text', length, samples: [], secrets: [number] };
      this.finds.push({ list: null, hit });
    }
  }

  /** Our own list: so short that each sample is tried for itself. */
  async tryKnown(): Promise<void> {
    if (this.#openSamples.size === 0) return;
    const { lines, ranks } = knownGuesses();
    const pass = async function* (): AsyncGenerator<Lines> {
      yield { bytes: lines.slice(), first: 1 };
    };
    const hits = await this.#pass(pass(), [...this.#openSamples], null);
    this.#keep(
      null,
      hits.map((hit) => ({ ...hit, line: ranks[hit.line - 1]! })),
    );
  }

  /** A list is read again where a hit has left samples of its kind unsolved: these had no turn before. */
  async tryList(list: Wordlist): Promise<void> {
    const tried = new Set<number>();
    for (let turns = 0; turns === 0 || list.size !== null; turns++) {
      const leaders = this.#leaders().filter((number) => !tried.has(number));
      if (leaders.length === 0 && (turns > 0 || this.#openSecrets.size === 0)) return;
      for (const number of leaders) tried.add(number);
      this.#keep(list.path, await this.#pass(readLines(list), leaders, list));
    }
  }

  /** The shortest unsolved token of each algorithm and key id: it costs least to try. */
  #leaders(): readonly number[] {
    const leaders = new Map<string, number>();
    for (const number of this.#openSamples) {
      const { alg, kid, input } = this.#samples[number]!;
      const kind = `${alg} ${kid === null ? '' : `=${kid}`}`;
      const known = leaders.get(kind);
      if (known === undefined || input.length < this.#samples[known]!.input.length) {
        leaders.set(kind, number);
      }
    }
    return [...leaders.values()];
  }

  async #pass(
    lines: AsyncIterable<Lines>,
    leaders: readonly number[],
    list: Wordlist | null,
  ): Promise<readonly Hit[]> {
    const giveaways = this.#giveaways.filter(({ secret }) => this.#openSecrets.has(secret));
    const { threads, kernel = compileKernel() } = this.#search;
    const crew = new Crew({ giveaways, samples: this.#samples, leaders, kernel }, threads);
    const wanted = new Wanted(leaders, list === null ? [] : giveaways.map(({ secret }) => secret));
    const waiting: Promise<{ readonly hits: readonly Hit[]; readonly bytes: number }>[] = [];
    let bytes = 0;
    const takeFirst = async (): Promise<void> => {
      const done = await waiting.shift()!;
      wanted.take(done.hits);
      bytes += done.bytes;
      if (list !== null) this.#search.onProgress?.({ list: list.path, bytes, size: list.size });
    };
    try {
      for await (const piece of lines) {
        if (wanted.isEmpty) break;
        const { length } = piece.bytes;
        waiting.push(crew.tryLines(piece).then((hits) => ({ hits, bytes: length })));
        while (waiting.length > crew.depth) await takeFirst();
      }
      while (waiting.length > 0) await takeFirst();
    } finally {
      await Promise.allSettled(waiting);
      await crew.close();
    }
    return wanted.hits;
  }

  #keep(list: string | null, hits: readonly Hit[]): void {
    for (const hit of hits) {
      for (const number of hit.samples) this.#openSamples.delete(number);
      for (const number of hit.secrets) this.#openSecrets.delete(number);
      this.finds.push({ list, hit });
    }
  }
}

/** What a pass looks for; keeps the first hit of each, whatever thread found it when. */
class Wanted {
  readonly hits: Hit[] = [];
  readonly #samples: Set<number>;
  readonly #secrets: Set<number>;

  constructor(samples: readonly number[], secrets: readonly number[]) {
    this.#samples = new Set(samples);
    this.#secrets = new Set(secrets);
  }

  get isEmpty(): boolean {
    return this.#samples.size === 0 && this.#secrets.size === 0;
  }

  /** Takes the hits of lines that follow those of the last call. */
  take(hits: readonly Hit[]): void {
    for (const hit of hits) {
      const isNew =
        hit.samples.some((n) => this.#samples.has(n)) ||
        hit.secrets.some((n) => this.#secrets.has(n));
      for (const number of hit.samples) this.#samples.delete(number);
      for (const number of hit.secrets) this.#secrets.delete(number);
      if (isNew) this.hits.push(hit);
    }
  }
}

/** Lines of a list that would mean that it has the secret: the secret, what it decodes to, what decodes to it. */
const giveawaysOf = (secret: Uint8Array, number: number): readonly Giveaway[] => [
  { secret: number, text: secret },
  ...decodings(secret).map(({ bytes }) => ({ secret: number, text: bytes })),
  ...encodings(secret).map((text) => ({
    secret: number,
    text: Uint8Array.from(Buffer.from(text)),
  })),
];
