import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { auditMarkdown } from '../../../src/report/audit/markdown.ts';
import { NAUGHTY } from '../naughty.ts';
import { broken, busy, crowded, OPTIONS, poisoned, quiet } from './reports.ts';

const markdown = (audit: AuditReport, top = 0): string =>
  [...auditMarkdown(audit, { ...OPTIONS, top })].join('');

describe('markdown', () => {
  test('has a table for each level and rule', () => {
    const text = markdown(busy);
    expect(text.slice(0, text.indexOf('### High'))).toBe(`## authlog audit: \`logs/auth.log\`

**1 critical · 2 high · 1 medium** · 2 rules ran over 24,105 events

Without the context that they need, these did not run: AL009

### Critical

#### AL001 Token asks for no signature

Pin the accepted algorithms in the server, and treat what was answered with 2xx as done by an intruder.

| Why | User | From | First seen | Last seen | Count | Evidence |
| --- | --- | --- | --- | --- | ---: | --- |
| \`a token with alg nOnE was answered with 200\` | claimed \`admin\` | \`203.0.113.7\` | 2026-11-20 22:41 | 2026-11-20 22:41 | 1 | \`logs/auth.log:23\` |

`);
    expect(text).toContain('\nWhy a line was judged so: `authlog explain logs/auth.log:23`\n');
  });

  test('says that nothing was found, and what looked', () => {
    expect(markdown(quiet)).toContain(
      '\n**no findings** · 2 rules ran over 24,105 events\n\nRan: AL001 AL014\n',
    );
  });

  test('warns of what is missing', () => {
    const text = markdown(broken);
    expect(text.match(/^> \[!WARNING\]$/gm)).toHaveLength(2);
    expect(text).toContain('\n- `old logs/b.gz (truncated): it ends in the middle`\n');
  });

  test('lists up to --top', () => {
    expect(markdown(crowded, 20)).toContain('\n980 more findings: `--top 0`\n');
    expect(markdown(crowded).match(/^\| [`<]/gm)).toHaveLength(1000);
  });

  test('hostile text stays in its cell, and in code', () => {
    for (const text of NAUGHTY) {
      const lines = markdown(poisoned(text)).split('\n');
      const rows = lines.filter((line) => line.startsWith('|'));
      expect(rows).toHaveLength(4);
      for (const line of rows) expect(line.split('|')).toHaveLength(9);
      // Outside of code there is no markup but ours.
      const bare = lines.join('\n').replace(/`[^`\n]*`|<code>[^<\n]*<\/code>/g, '');
      expect(bare, JSON.stringify(text)).not.toMatch(/<(?!code)|javascript|script|\]\(|@/);
    }
  });
});
