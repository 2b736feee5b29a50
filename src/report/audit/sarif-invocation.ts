import type { AuditReport } from '../../audit/audit-report.ts';
import { incompleteText } from '../error.ts';
import { escapeText } from '../escape.ts';
import { uriOf } from './sarif-location.ts';
import { messageText } from './sarif-result.ts';

/** An `invocation` (section 3.20): how the run ended, and what it could not see to. */
export const invocationOf = (
  { incomplete, notices, rules }: AuditReport,
  exitCode: number,
  indexOf: (rule: string) => number | null,
): object => {
  const failures = (incomplete ?? []).map((one) => ({
    level: 'error',
    descriptor: { id: `incomplete/${one.reason}` },
    message: message(incompleteText(one)),
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(one.path) } } }],
  }));
  const remarks = notices.map((notice) => ({
    level: 'warning',
    descriptor: { id: notice.code },
    message: message(notice.message),
    properties: { count: notice.count },
  }));
  const idle = rules.idle.map((id) => {
    const index = indexOf(id);
    return {
      level: 'note',
      descriptor: { id: 'rule_idle' },
      message: message(`${id} did not run: it lacks the context that it needs`),
      associatedRule: { id, ...(index === null ? null : { index }) },
    };
  });
  return {
    executionSuccessful: failures.length === 0,
    exitCode,
    toolExecutionNotifications: [...failures, ...remarks],
    toolConfigurationNotifications: idle,
  };
};

const message = (text: string): object => ({ text: messageText(escapeText(text)) });
