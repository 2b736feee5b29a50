/** A token of the log that guesses are tried on. */
export interface TokenSample {
  /** `token_id`. */
  readonly id: string;
  readonly alg: string;
  readonly kid: string | null;
  /** What is signed: header and payload with the dot between them, as they stand in the token. */
  readonly input: Uint8Array;
  readonly signature: Uint8Array;
  /** Id of the configured key that verified it, null where none did. */
  readonly key: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** Bytes from the start of the decoded source to the token. */
  readonly offset: number | null;
  /** Milliseconds of its use, NaN where nobody knows. */
  readonly time: number;
}

/** Where a token is that a weak secret verifies. */
export type TokenPlace = Omit<TokenSample, 'input' | 'signature' | 'key'>;

/** Something about a secret that a search found out. Never holds a secret. */
export interface WeakSecret {
  /** Id of the key; null: of none that is configured. */
  readonly key: string | null;
  /** Sentence that goes on from the secret's name: `is 12 bytes long; HS256 needs at least 32`. */
  readonly why: string;
  /** Place in the list that has it, from 1; null where no list has it. */
  readonly rank: number | null;
  /** Bytes. */
  readonly length: number;
  /** The sampled tokens of this log that it verifies, in the order of the sample. */
  readonly tokens: readonly TokenPlace[];
}
