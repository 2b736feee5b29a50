import type { Level } from './level.ts';

/** Where to look: the line of a source, and the token in it. */
export interface Evidence {
  readonly file: string | null;
  readonly line: number | null;
  /** Bytes from the start of the decoded source to the token. */
  readonly offset: number | null;
  readonly token_id: string | null;
  /** RFC 3339 in UTC. */
  readonly time: string | null;
}

/** What happened, by one rule about one subject; `schema/authlog.findings-1.json` describes the members. */
export interface Finding {
  /** Stays the same from run to run: of the rule and the subject. */
  readonly id: string;
  readonly rule: string;
  readonly level: Level;
  readonly title: string;
  /** Whose verified tokens these are; null where nobody's, or several users'. */
  readonly user_id: string | number | null;
  /** Whom tokens that did not verify name. */
  readonly claimed_user_id: string | number | null;
  /** The client, where it is one. */
  readonly ip: string | null;
  readonly count: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly why: string;
  readonly attack: readonly string[];
  /** The first ten. */
  readonly evidence: readonly Evidence[];
}
