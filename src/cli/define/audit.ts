import { addOutputFlags, addReadFlags } from '../flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { addRuleFlags, auditOutputOptions, type AuditFlags } from './audit-flags.ts';

export const defineAudit: Define = (command, host, exit) => {
  addReadFlags(command);
  addRuleFlags(command);
  addOutputFlags(command, auditOutputOptions());
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (sources: string[], flags: AuditFlags) => {
    if (sources.length === 0 && host.stdin.isTTY === true) command.help({ error: true });
    const { runAudit } = await import('../commands/audit.ts');
    const isTyped = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
    exit(await runAudit(sources, flags, host, isTyped));
  });
};

const EXAMPLES = [
  'authlog audit auth_logs.log --secret-file secret',
  'authlog audit access.log events.jsonl --key jwks.json --fail-on high',
  'authlog audit duckdb:history.duckdb --since 24h --learn 14d',
  'authlog audit access.log --secret-file secret --format sarif -o audit.sarif',
  'authlog audit access.log --secret-file secret --baseline last.json --format digest',
];

const NOTES = [
  'The rules AL001 to AL030 look at what happened in the order of its time. What a rule means and what to do about it stands in docs/RULES.md; settings that stay belong into authlog.config.yaml (docs/CONFIG.md).',
];
