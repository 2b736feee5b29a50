import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { auditTable } from '../../../src/report/audit/table.ts';
import { createTheme } from '../../../src/report/theme.ts';
import { NAUGHTY } from '../naughty.ts';
import {
  broken,
  busy,
  crowded,
  finding,
  OPTIONS,
  place,
  poisoned,
  quiet,
  report,
} from './reports.ts';

const coloured = await createTheme({ color: true, unicode: true });
const ascii = await createTheme({ color: false, unicode: false });
const SGR = new RegExp(String.raw`\x1B\[\d+m`, 'g');

const draw = (audit: AuditReport, some: Partial<typeof OPTIONS> = {}): string =>
  [...auditTable(audit, { ...OPTIONS, ...some })].join('');

describe('findings at a terminal', () => {
  test('are this whole report', () => {
    expect(draw(busy)).toBe(`1 critical · 2 high · 1 medium
2 rules ran over 24,105 events of logs/auth.log
Without the context that they need, these did not run: AL009

CRITICAL

 AL001  Token asks for no signature
 do     Pin the accepted algorithms in the server, and treat what was answered
        with 2xx as done by an intruder.

 why    a token with alg nOnE was answered with 200
 who    claims to be admin, not verified, from 203.0.113.7
 when   2026-11-20 22:41 UTC, once
 where  logs/auth.log:23

HIGH

 AL001  Token asks for no signature

 why    a token with alg none was answered with 401
 who    no single user or address
 when   at an unknown time, 1,204 times
 where  logs/auth.log:1  logs/auth.log:2  logs/auth.log:3  logs/auth.log:4
        logs/auth.log:5  5 more: --json

 why    a token with alg none was answered with 401
 who    claims to be admin, not verified, from 203.0.113.7
 when   2026-11-20 22:41 to 2026-11-20 23:02 UTC, 3 times
 where  logs/auth.log:17  logs/auth.log:19

MEDIUM

 AL014  Many tokens from one address
 do     Look who is behind the address.

 why    31 users from 203.0.113.7 within 10 minutes
 who    user 12345, from 203.0.113.7
 when   2026-11-20 22:41 to 2026-11-20 23:02 UTC, 3 times
 where  token Ab3-_fGh12KlMnOp  logs/auth.log@4100

Why a line was judged so: authlog explain logs/auth.log:23
`);
  });

  test('in forty columns are aligned as well', () => {
    expect(draw(report([busy.findings[0]!]), { width: 40 })).toBe(`1 critical
2 rules ran over 24,105 events of
logs/auth.log
Without the context that they need,
these did not run: AL009

CRITICAL

 AL001  Token asks for no signature
 do     Pin the accepted algorithms in
        the server, and treat what was
        answered with 2xx as done by an
        intruder.

 why    a token with alg nOnE was
        answered with 200
 who    claims to be admin, not
        verified, from 203.0.113.7
 when   2026-11-20 22:41 UTC, once
 where  logs/auth.log:23

Why a line was judged so:
  authlog explain logs/auth.log:23
`);
  });

  test('none are said plainly, with what ran', () => {
    expect(draw(quiet)).toBe(`no findings
2 rules ran over 24,105 events of logs/auth.log: AL001 AL014
Without the context that they need, these did not run: AL009
`);
  });

  test('of a log without events claim nothing', () => {
    const nothing = report([], { totals: { ...quiet.totals, events: 0 } });
    expect(draw(nothing)).toContain('Nothing was audited');
    expect(draw(quiet)).not.toContain('Nothing was audited');
  });

  test('that are hidden are counted', () => {
    const hidden = report([], { totals: { ...quiet.totals, suppressed: 3, known: 5 } });
    expect(draw(hidden)).toContain('Not listed: 3 suppressed, 5 known from the baseline\n');
  });

  test('of input that was not read to its end, or not verified, are stamped so', () => {
    const text = draw(broken);
    expect(text).toMatch(/^NOT VERIFIED: .*\nINCOMPLETE: 1 input was not read to the end\n/);
    expect(text).toContain('! old logs/b.gz (truncated): it ends in the middle\n');
    expect(text).toContain('! 7 events came later');
  });

  test('a thousand are listed up to --top, and the rest counted', () => {
    const text = draw(crowded, { top: 20 });
    expect(text).toContain('200 critical · 200 high · 200 medium · 200 low · 200 info\n');
    expect(text.match(/^ why /gm)).toHaveLength(20);
    expect(text).toContain('\n980 more findings: --top 0\n');
    expect(draw(crowded).match(/^ why /gm)).toHaveLength(1000);
    expect(draw(crowded)).not.toContain('--top');
  });

  test('say what to do once for each rule', () => {
    expect(draw(crowded).match(/^ do /gm)).toHaveLength(3);
  });
});

describe('the next step', () => {
  const commandFor = (file: string | null): string | undefined => {
    const text = draw(report([finding({ evidence: [place(17, { file })] })]), { width: 120 });
    return /Why a line was judged so: +(.*)\n/.exec(text)?.[1];
  };

  test.each<[string | null, string | undefined]>([
    ['a.log', 'authlog explain a.log:17'],
    ['/var/log/a.log', 'authlog explain /var/log/a.log:17'],
    ['my log', "authlog explain 'my log:17'"],
    ['$(reboot).log', "authlog explain '$(reboot).log:17'"],
    ["it's", String.raw`authlog explain 'it'\''s:17'`],
    ['-rf', 'authlog explain ./-rf:17'],
    ['a\nb', 'authlog explain FILE:LINE'],
    ['x\u202Egol', 'authlog explain FILE:LINE'],
    ['-', 'authlog explain FILE:LINE'],
  ])('for %j can be pasted', (file, command) => {
    expect(commandFor(file)).toBe(command);
  });

  test('is never broken, however narrow', () => {
    const deep = report([
      finding({ evidence: [place(17, { file: `/${'deep/'.repeat(9)}a.log` })] }),
    ]);
    expect(draw(deep, { width: 80 })).toContain(
      `\n  authlog explain /${'deep/'.repeat(9)}a.log:17\n`,
    );
    expect(draw(deep, { width: 40 })).toContain('\n  authlog explain FILE:LINE\n');
  });
});

describe.each([40, 60, 80, 120])('in %i columns', (width) => {
  const wide = (text: string): readonly string[] =>
    text.split('\n').filter((line) => stringWidth(line.replaceAll(SGR, '')) > width);

  test('no line is wider', () => {
    for (const audit of [busy, quiet, broken, crowded]) {
      for (const theme of [OPTIONS.theme, ascii, coloured]) {
        expect(wide(draw(audit, { width, theme }))).toEqual([]);
      }
    }
  });

  test('colour changes no letter', () => {
    const text = draw(busy, { width, theme: coloured });
    expect(text).toMatch(SGR);
    expect(text.replaceAll(SGR, '')).toBe(draw(busy, { width }));
  });

  test('hostile text makes no line of its own, no control and nothing wider', () => {
    const calm = draw(poisoned('calm'), { width: 120 }).match(/^ (?:why|who|when|where|AL\d+) /gm);
    for (const text of NAUGHTY) {
      const drawn = draw(poisoned(text), { width });
      expect(drawn).not.toMatch(
        /(?!\n)[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/u,
      );
      expect(wide(drawn), JSON.stringify(text)).toEqual([]);
      expect(drawn.match(/^ (?:why|who|when|where|AL\d+) /gm)).toEqual(calm);
    }
  });
});
