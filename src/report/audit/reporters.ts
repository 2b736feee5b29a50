import { chunks } from '../chunks.ts';
import { withoutTokens } from './masked.ts';
import type { AuditFormat, AuditReporter } from './reporter.ts';

/** Every format of an audit and what prints it, loaded when it is asked for. */
export const auditReporters: Readonly<Record<AuditFormat, () => Promise<AuditReporter>>> = {
  table: async () => inPieces((await import('./table.ts')).auditTable),
  digest: async () => inPieces((await import('./digest.ts')).auditDigest),
  markdown: async () => inPieces((await import('./markdown.ts')).auditMarkdown),
  html: async () => inPieces((await import('../html/audit-page.ts')).auditHtml),
  json: async () => inPieces((await import('./json.ts')).auditJson),
  ndjson: async () => inPieces((await import('./json.ts')).auditNdjson),
  sarif: async () => inPieces((await import('./sarif.ts')).auditSarif),
  ocsf: async () => inPieces((await import('../ocsf/finding.ts')).auditOcsf),
  ecs: async () => inPieces((await import('../ecs/finding.ts')).auditEcs),
};

const inPieces =
  (print: AuditReporter): AuditReporter =>
  (report, options) =>
    chunks(print(withoutTokens(report), options));
