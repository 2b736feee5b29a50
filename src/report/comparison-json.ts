import type { Comparison, Section } from '../compare/comparison.ts';
import { escapeJsonText } from '../event/escape-json.ts';
import { chunks } from './chunks.ts';

const pretty = (value: unknown, indent: string): string =>
  escapeJsonText(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);

const sectionPieces = function* <Name>(name: string, section: Section<Name>): Generator<string> {
  const { entries, ...counts } = section;
  yield `  "${name}": {\n`;
  for (const [member, count] of Object.entries(counts)) yield `    "${member}": ${count},\n`;
  if (entries.length === 0) {
    yield '    "entries": []\n  },\n';
    return;
  }
  let before = '    "entries": [\n      ';
  for (const entry of entries) {
    yield before + pretty(entry, '      ');
    before = ',\n      ';
  }
  yield '\n    ]\n  },\n';
};

const pieces = function* (comparison: Comparison): Generator<string> {
  const { users, issuers, verdicts, keys, notices, incomplete, ...head } = comparison;
  yield '{\n';
  for (const [name, value] of Object.entries(head)) yield `  "${name}": ${pretty(value, '  ')},\n`;
  yield* sectionPieces('users', users);
  yield* sectionPieces('issuers', issuers);
  yield* sectionPieces('verdicts', verdicts);
  yield* sectionPieces('keys', keys);
  yield `  "notices": ${pretty(notices, '  ')},\n`;
  yield `  "incomplete": ${pretty(incomplete, '  ')}\n}\n`;
};

/** The comparison as one JSON document, made a piece at a time: names may be a million. */
export const comparisonJson = (comparison: Comparison): Iterable<string> =>
  chunks(pieces(comparison));
