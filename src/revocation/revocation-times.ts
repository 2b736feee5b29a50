import type { Revocation } from './revocation.ts';

/** What is asked of a verified token; `iat` in seconds, NaN where it does not say. */
export interface AskedToken {
  readonly id: string;
  readonly jti: string | null;
  readonly iss: string | null;
  readonly userId: string | number | null;
  readonly iat: number;
}

type Entry = Pick<Revocation, 'issuer' | 'issuedBefore' | 'revokedAt'>;

/** Says since when tokens are revoked, by the entries of a list. */
export class RevocationTimes {
  /** By kind and value; kinds that no entry has cost nothing. */
  readonly #kinds = new Map<Revocation['kind'], Map<string | number | null, Entry[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add({ kind, value, issuer, issuedBefore, revokedAt }: Revocation): void {
    this.#size++;
    const values = this.#kinds.get(kind) ?? new Map<string | number | null, Entry[]>();
    this.#kinds.set(kind, values);
    const entries = values.get(value) ?? [];
    entries.push({ issuer, issuedBefore, revokedAt });
    values.set(value, entries);
  }

  /** Milliseconds from which it was revoked, NaN where no entry tells a time, null where none names it. */
  since({ id, jti, iss, userId, iat }: AskedToken): number | null {
    let since: number | null = null;
    for (const [kind, values] of this.#kinds) {
      const value =
        kind === 'token_id' ? id : kind === 'jti' ? jti : kind === 'subject' ? userId : null;
      if (value === null && kind !== 'everyone') continue;
      for (const entry of values.get(value) ?? []) {
        const { issuer, issuedBefore } = entry;
        if (issuer !== null && issuer !== iss) continue;
        // A token that does not say when it was issued may have been issued before.
        if (issuedBefore !== null && iat >= issuedBefore) continue;
        since = earlier(since, momentOf(entry));
      }
    }
    return since;
  }
}

/** "All that was issued before T" is said at T, where nothing else is. */
const momentOf = ({ issuedBefore, revokedAt }: Entry): number =>
  (revokedAt ?? issuedBefore ?? Number.NaN) * 1000;

/** What is known beats what is not. */
const earlier = (one: number | null, other: number): number =>
  one === null || Number.isNaN(one) || other < one ? other : one;
