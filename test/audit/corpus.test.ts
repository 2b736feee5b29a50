import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/audit/audit-report.ts';
import { RULES } from '../../src/audit/rules/index.ts';
import { runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import {
  auditArguments,
  compare,
  makeAttacked,
  makeWeek,
  shortcomings,
  type Corpus,
} from './corpus-modules.ts';

/** Enough users for every attack to have a victim of its own. */
const SCALE = 0.5;

const audited = async (corpus: Corpus): Promise<AuditReport> => {
  const { code, stdout, stderr } = await runCli(auditArguments(corpus), { cwd: corpus.folder });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as AuditReport;
};

const linesOf = ({ folder, sources }: Corpus): ReadonlyMap<string, readonly string[]> =>
  new Map(sources.map((name) => [name, readFileSync(join(folder, name), 'utf8').split('\n')]));

const hashOf = (corpus: Corpus): string => {
  const hash = createHash('sha256');
  for (const name of corpus.sources) hash.update(readFileSync(join(corpus.folder, name)));
  return hash.digest('hex');
};

describe('a week with attacks', () => {
  test.each([{ seed: 11 }, { seed: 12 }])(
    'every attack is found by its rule and nothing else is, seed $seed',
    async ({ seed }) => {
      const recipe = { seed, scale: SCALE };
      const week = await audited(makeWeek(tempFolder(), recipe));
      const attacked = await makeAttacked(tempFolder(), recipe);
      const { findings, rules } = await audited(attacked);
      const planted = new Set(attacked.truth.map(({ rule }) => rule));
      expect(RULES.map(({ id }) => id).filter((id) => !planted.has(id))).toEqual([]);
      expect(rules.idle).toEqual([]);
      expect(shortcomings(week.findings, compare(attacked.truth, findings, week.findings))).toEqual(
        [],
      );
    },
  );

  test('a missed attack, a wrong level, a made-up finding and a loud week are told', async () => {
    const attacked = await makeAttacked(tempFolder(), { seed: 11, scale: SCALE });
    const { findings } = await audited(attacked);
    const missing = findings.filter(({ rule }) => rule !== 'AL024');
    const [first = attacked.truth[0]!] = attacked.truth.filter(({ rule }) => rule === 'AL001');
    const changed = missing.map((finding) =>
      finding.rule === 'AL010' ? { ...finding, level: 'low' as const } : finding,
    );
    const madeUp = {
      ...findings[0]!,
      id: 'AL001-made-up',
      rule: 'AL001',
      evidence: [{ ...findings[0]!.evidence[0]!, ...first.lines[0]!, line: 1 }],
    };
    const told = shortcomings(findings, compare(attacked.truth, [...changed, madeUp], []));
    for (const part of ['AL024 missed', 'AL010 found', 'AL001 made one up', 'ordinary week has']) {
      expect([part, told.some((sentence) => sentence.includes(part))]).toEqual([part, true]);
    }
  });
});

describe('the corpus', () => {
  test('is the same for one seed, and another for another', () => {
    const hashes = [5, 5, 6].map((seed) => hashOf(makeWeek(tempFolder(), { seed, scale: 0.1 })));
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  test('has each planted line where the truth says', async () => {
    const attacked = await makeAttacked(tempFolder(), { seed: 7, scale: SCALE });
    const lines = linesOf(attacked);
    const textsOf = (rule: string): readonly string[] =>
      attacked.truth
        .filter((attack) => attack.rule === rule)
        .flatMap((attack) => attack.lines)
        .map(({ file, line }) => lines.get(file)![line - 1]!);
    for (const text of textsOf('AL008')) expect(text).toMatch(/"status":(?:401|200),.*Bearer ey/);
    for (const text of textsOf('AL024')) expect(text).toContain('"event":"token_issued"');
    for (const text of textsOf('AL016')) expect(text).toContain('"status":401');
    for (const text of textsOf('AL030')) expect(text).toMatch(/"recorder_stopped"|"keys_changed"/);
  });
});
