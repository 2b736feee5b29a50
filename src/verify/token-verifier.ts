import { Buffer } from 'node:buffer';
import type { KeyRing } from '../keys/key.ts';
import { Scanner } from '../scan/scanner.ts';
import { Spans } from '../scan/spans.ts';
import { Identities } from './identities.ts';
import { newJudgement, type Judgement } from './judgement.ts';
import type { Policy } from './policy.ts';
import { Verifier } from './verifier.ts';

const COMPACT = /^[A-Za-z0-9_.=-]+$/;

/** Judges tokens that are handed over one by one, by the same rules as those in a log. */
export class TokenVerifier {
  readonly #maxToken: number;
  readonly #scanner: Scanner;
  readonly #verifier: Verifier;
  readonly #identities = new Identities();
  readonly #spans = new Spans();
  readonly #out: Judgement[] = [];
  readonly #bytes: Buffer;

  /** @param ring null: signatures are not checked, and no token is more than `unverified` */
  constructor(ring: KeyRing | null, policy: Policy) {
    this.#maxToken = policy.maxToken;
    this.#scanner = new Scanner(policy.maxToken);
    this.#verifier = new Verifier(ring, policy, this.#identities);
    this.#bytes = Buffer.alloc(policy.maxToken);
  }

  /** The judgement on `token`, all of it; `verdictAt` says what it means at a time. */
  judge(token: string): Judgement {
    if (token.length > this.#maxToken) return refused('oversized', 'longer_than_max_token');
    // Also what has no place in one byte, which would be cut to another character.
    if (!COMPACT.test(token)) return refused('malformed', 'not_a_token');
    if (this.#identities.startOverIfFull(false)) this.#identities.takeFresh();
    this.#spans.clear();
    const end = this.#bytes.write(token, 'latin1');
    this.#scanner.addNamed(this.#bytes, 0, end, this.#spans);
    this.#verifier.judge(this.#bytes, this.#spans, this.#out);
    return this.#out[0]!;
  }
}

const refused = (verdict: 'oversized' | 'malformed', reason: string): Judgement => ({
  ...newJudgement(),
  verdict,
  reason,
});
