import type { AuditReport } from '../../audit/audit-report.ts';
import { escapeJsonText } from '../../event/escape-json.ts';
import type { AuditOptions } from './reporter.ts';
import { invocationOf } from './sarif-invocation.ts';
import { resultOf } from './sarif-result.ts';
import { describedRules, descriptorOf } from './sarif-rule.ts';

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** How the document ends behind the last member of its run. */
const END = '\n    }\n  ]\n}';

/** The findings for code scanning (SARIF 2.1.0, OASIS): one run, one result a line, and no time in it but `now`. */
export const auditSarif = function* (
  report: AuditReport,
  { rules: registry, version, exitCode }: Pick<AuditOptions, 'rules' | 'version' | 'exitCode'>,
): Generator<string> {
  const rules = describedRules(report, registry);
  const index = new Map<string, number>(rules.map(({ id }, at) => [id, at]));
  const { now, verification, inputs, totals } = report;
  const driver = { name: 'authlog', version, semanticVersion: version };
  const run = {
    tool: { driver: { ...driver, rules: rules.map(descriptorOf) } },
    automationDetails: { id: 'authlog/audit/' },
    invocations: [invocationOf(report, exitCode, (rule) => index.get(rule) ?? null)],
    properties: { now, verification, inputs, totals },
  };
  const text = JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2);
  yield `${escapeJsonText(text.slice(0, -END.length))},\n      "results": [`;
  let before = '\n        ';
  for (const finding of report.findings) {
    const result = resultOf(finding, index.get(finding.rule)!);
    yield before + escapeJsonText(JSON.stringify(result));
    before = ',\n        ';
  }
  yield `${report.findings.length === 0 ? '' : '\n      '}]${END}\n`;
};
