import type { AuditReport } from '../../src/audit/audit-report.ts';
import type { Finding } from '../../src/audit/finding.ts';

// The corpus is plain JavaScript outside of the build: what the tests use of it, with types.
const load = async (name: string): Promise<unknown> =>
  await import(new URL(`../../bench/audit/${name}`, import.meta.url).href);

export interface Corpus {
  readonly folder: string;
  readonly sources: readonly string[];
  readonly lines: number;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface Attack {
  readonly rule: string;
  readonly level: string;
  readonly subject: string;
  readonly lines: readonly Place[];
  readonly context: readonly Place[];
  readonly need: number;
}

interface Recipe {
  readonly seed: number;
  readonly scale?: number;
}

/** What `compare` says; for `shortcomings`. */
interface Compared {
  readonly attacks: readonly (Attack & { readonly isRight: boolean })[];
  readonly false: readonly Finding[];
}

export const { makeWeek, makeAttacked, auditArguments } = (await load('corpus.js')) as {
  makeWeek: (folder: string, recipe: Recipe) => Corpus;
  makeAttacked: (
    folder: string,
    recipe: Recipe,
  ) => Promise<Corpus & { readonly truth: readonly Attack[] }>;
  auditArguments: (corpus: Corpus) => readonly string[];
};

export const { compare, shortcomings } = (await load('detection.js')) as {
  compare: (
    truth: readonly Attack[],
    findings: AuditReport['findings'],
    ordinary: AuditReport['findings'],
  ) => Compared;
  shortcomings: (ordinary: AuditReport['findings'], compared: Compared) => readonly string[];
};
