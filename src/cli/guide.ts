import type { Command } from 'commander';

/** What a person reads of a command beside its flags: in `--help` and in the manual. */
export interface Guide {
  /** Lines for a shell, at least two. */
  readonly examples: readonly string[];
  /** Paragraphs, without line breaks. */
  readonly notes: readonly string[];
}

const GUIDES = new WeakMap<Command, Guide>();

/** Says what `--help` and the manual tell of a command. */
export const addGuide = (
  command: Command,
  examples: readonly string[],
  notes: readonly string[] = [],
): void => {
  GUIDES.set(command, { examples, notes });
};

export const guideOf = (command: Command): Guide =>
  GUIDES.get(command) ?? { examples: [], notes: [] };

/** The note of commands whose flags may stand elsewhere. */
export const ELSEWHERE =
  'Every flag can also be set as an environment variable (--secret-file as AUTHLOG_SECRET_FILE) or in authlog.config.yaml; authlog config show tells what holds. A flag on the command line wins.';

export const AUTHLOG: Guide = {
  examples: [
    'authlog analyze auth_logs.log --secret-file secret',
    'authlog audit access.log --key jwks.json --fail-on high',
    'journalctl -u api | authlog analyze - --key public.pem',
    'authlog explain auth_logs.log:17 --secret-file secret',
    'authlog issue --secret-file secret --user-id 12345 --email ada@example.com',
    'authlog guard --secret-file secret --record auth.jsonl',
    'authlog ingest auth.log --key jwks.json --store duckdb:history.duckdb',
  ],
  notes: ['authlog COMMAND --help lists the flags of a command, man authlog-COMMAND tells more.'],
};

export const ANALYZE: Guide = {
  examples: [
    'authlog analyze auth_logs.log --secret-file secret',
    "authlog analyze '/var/log/app/*.log*' --key jwks.json --since 24h",
    "authlog analyze access.log --secret-file secret --json | jq '.users[0]'",
    'journalctl -u api | authlog analyze - --key public.pem',
    'authlog analyze auth.log --secret-file secret --fail-on bad_signature,alg_none',
  ],
  notes: [ELSEWHERE],
};

export const EVENTS: Guide = {
  examples: [
    'authlog events access.log --secret-file secret > events.ndjson',
    "authlog events access.log --key jwks.json | jq -r 'select(.status == 200)'",
    'authlog events duckdb:history.duckdb --since 7d -o week.parquet',
  ],
  notes: ['A DuckDB store is also written as Parquet: -o FILE.parquet.', ELSEWHERE],
};

export const EXPLAIN: Guide = {
  examples: [
    'authlog explain auth_logs.log:17 --secret-file secret',
    "grep -m1 'Token: ' auth_logs.log | authlog explain - --key public.pem",
  ],
  notes: ['Give FILE:LINE, or one line on standard input.', ELSEWHERE],
};
