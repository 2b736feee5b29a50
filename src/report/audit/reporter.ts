import type { AuditReport } from '../../audit/audit-report.ts';
import type { Rule } from '../../audit/rule.ts';
import type { PageExtras } from '../html/extras.ts';
import type { ReportOptions } from '../reporter.ts';

/** What `authlog audit --format` may print, the first by default. */
export const AUDIT_FORMATS = [
  'table',
  'digest',
  'markdown',
  'html',
  'json',
  'ndjson',
  'sarif',
  'ocsf',
  'ecs',
] as const;

export type AuditFormat = (typeof AUDIT_FORMATS)[number];

/** What reports tell of a rule. */
export type RuleTexts = Pick<
  Rule,
  | 'id'
  | 'name'
  | 'title'
  | 'level'
  | 'attack'
  | 'condition'
  | 'meaning'
  | 'action'
  | 'falsePositives'
>;

/** How to print an audit; a format ignores what does not concern it. */
export interface AuditOptions extends Pick<ReportOptions, 'width' | 'theme'> {
  /** Findings to list in `table` and `markdown`; 0 for all. */
  readonly top: number;
  /** The rules that could have run. */
  readonly rules: readonly RuleTexts[];
  /** Version of the program. */
  readonly version: string;
  /** The exit code that the command is going to end with. */
  readonly exitCode: number;
  /** What a page shows beside the findings. */
  readonly page?: PageExtras;
}

/** From findings to text, in pieces that can be written one after the other. */
export type AuditReporter = (report: AuditReport, options: AuditOptions) => Iterable<string>;
