import type { Rule } from '../../src/audit/rule.ts';
import { rulesPage } from './markdown.ts';
import { sigmaFile, sigmaText } from './sigma.ts';

/** All files that are made of the rules: texts by path from the root of the project. */
export const generatedFiles = (rules: readonly Rule[]): ReadonlyMap<string, string> => {
  const files = new Map([['docs/RULES.md', rulesPage(rules)]]);
  for (const rule of rules) {
    const text = sigmaText(rule);
    if (text !== null) files.set(`sigma/${sigmaFile(rule)}`, text);
  }
  return files;
};
