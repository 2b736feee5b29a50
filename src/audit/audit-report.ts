import type { Finding } from './finding.ts';
import type { Level } from './level.ts';
import type { Notice } from './notice.ts';

/** What an audit came to, as `--json` prints it; `schema/authlog.findings-1.json` describes the members. */
export interface AuditReport {
  readonly schema: 'authlog.findings/1';
  /** RFC 3339 in UTC. */
  readonly now: string;
  readonly verification: {
    readonly mode: 'verified' | 'none';
    readonly verified_by: 'authlog' | 'recorder' | null;
  };
  readonly inputs: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly lines: number;
  }[];
  /** Worst first, then by time, then by id. */
  readonly findings: readonly Finding[];
  readonly totals: {
    /** Uses of tokens and events without one that the rules saw. */
    readonly events: number;
    readonly findings: number;
    readonly levels: Readonly<Record<Level, number>>;
    /** Findings that a suppression or the baseline hid. */
    readonly suppressed: number;
    readonly known: number;
  };
  /** Ids of the rules that ran, and of those that lacked the context that they need. */
  readonly rules: { readonly ran: readonly string[]; readonly idle: readonly string[] };
  readonly notices: readonly Notice[];
  readonly incomplete:
    | readonly { readonly path: string; readonly reason: string; readonly detail: string }[]
    | null;
}
