import { readdirSync, readFileSync } from 'node:fs';
import { parseAst } from 'rolldown/parseAst';
import { test } from 'vitest';
import { defaultsOf, emptyContext, exampleEvent, replay } from '../../src/audit/examples.ts';
import { Engine } from '../../src/audit/engine.ts';
import { useOfEvent } from '../../src/audit/from-event.ts';
import { rankOf } from '../../src/audit/level.ts';
import { RULES } from '../../src/audit/rules/index.ts';
import { ROOT } from '../support/cli.ts';
import { importsOf, load } from './mutation.ts';
const AUDIT = `${ROOT}src/audit/`;
const files = readdirSync(`${AUDIT}rules`);
const mine = RULES.filter(({ id }) => /AL01[1-7]|AL019|AL020/.test(id));
const holdsAll = (rule: any): boolean => {
  try {
    const ok = (ex: any, hit: boolean) => {
      const { findings } = replay(rule, ex, defaultsOf(rule));
      if (!hit) return findings.length === 0;
      const worst = Math.max(...findings.map(({ level }: any) => rankOf(level)));
      const count = findings.reduce((s: number, f: any) => s + f.count, 0);
      return findings.length > 0 && (ex.level === undefined || worst === rankOf(ex.level)) && (ex.count === undefined || count === ex.count);
    };
    return rule.hits.every((h: any) => ok(h, true)) && rule.misses.every((m: any) => ok(m, false));
  } catch { return false; }
};
test('operands', async () => {
  for (const rule of mine) {
    const file = AUDIT + 'rules/' + files.find((f) => f.startsWith(rule.id.toLowerCase() + '-'));
    const src = readFileSync(file, 'utf8');
    const modules = new Map<string, any>();
    for (const p of importsOf(file)) modules.set(p, await import(p));
    const out: [string, string][] = [];
    const visit = (n: any): void => {
      if (Array.isArray(n)) return n.forEach(visit);
      if (!n || typeof n !== 'object') return;
      if (n.type === 'Property' && ['hits', 'misses'].includes(n.key?.name)) return;
      const cut = (s: number, e: number, t: string) => src.slice(0, s) + t + src.slice(e);
      if (n.type === 'LogicalExpression') {
        for (const side of ['left', 'right']) out.push([`keep ${side} of ${src.slice(n.start, n.end)}`, cut(n.start, n.end, `(${src.slice(n[side].start, n[side].end)})`)]);
      }
      if (n.type === 'BinaryExpression') {
        const sw: any = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
        if (sw[n.operator]) out.push([`edge ${src.slice(n.start, n.end)}`, cut(n.left.end, n.right.start, ` ${sw[n.operator]} `)]);
      }
      if (n.type === 'ExpressionStatement') out.push([`drop ${src.slice(n.start, n.end).slice(0, 90)}`, cut(n.start, n.end, ';')]);
      if (n.type === 'ConditionalExpression') for (const side of ['consequent', 'alternate']) out.push([`pick ${side} of ${src.slice(n.start, n.end)}`, cut(n.start, n.end, `(${src.slice(n[side].start, n[side].end)})`)]);
      Object.values(n).forEach(visit);
    };
    visit(parseAst(src, { lang: 'ts' }));
    for (const [what, m] of out) {
      let r: any;
      try { r = Object.values(load(file, m, modules)).find((v: any) => v?.id === rule.id); } catch { continue; }
      if (r && holdsAll(r)) console.log(`${rule.id} SURVIVES ${what.replace(/\s+/g, ' ')}`);
    }
  }
});
test('speed', () => {
  const uses: any[] = [];
  const tokens = Array.from({ length: 100_000 }, (_, i) => useOfEvent(exampleEvent({ token_id: `token-${i}`, user_id: `u${i % 5000}`, iss: 'us', roles: i % 5000 === 0 ? ['admin'] : ['user'], jti: `${i}` }, 1)).token);
  for (let i = 0; i < 1_000_000; i++) uses.push({ ...useOfEvent(exampleEvent({ at: 0, ip: `10.0.${(i * 7) % 200}.${i % 250}` }, 1)), time: 1.8e12 + i * 100, token: tokens[(i * 7919) % 100_000], line: i });
  const ctx: any = { ...emptyContext(2e12), oneTimeTypes: ['x'], locate: (ip: string) => ({ country: 'DE', latitude: 50, longitude: 8 + (ip.length % 3) / 10 }), issuers: ['us'] };
  const run = (rules: any) => {
    const e = new Engine({ rules: rules.map((rule: any) => ({ rule, level: null, thresholds: defaultsOf(rule) })), context: ctx, lateness: 1000, from: NaN, learn: 0 });
    const t = performance.now();
    for (const u of uses) e.add(u);
    const r = e.finish();
    return [Math.round(performance.now() - t), r.findings.length];
  };
  run([]); console.log('none', run([]), run([]));
  for (const r of mine) console.log(r.id, run([r]), run([r]));
  console.log('all mine', run(mine), run(mine));
});
