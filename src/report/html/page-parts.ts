import type { Island, NotesSection, Section, TableSection } from '../../page/island.ts';
import { incompleteText } from '../error.ts';
import { plural } from '../count.ts';
import { escapeText } from '../escape.ts';
import { incompleteStamp, inputLabel, NOT_VERIFIED } from '../overview.ts';
import type { Calendar } from '../calendar.ts';

/** What summaries and audits have in common. */
export interface Reported {
  readonly now: string;
  readonly verification: { readonly mode: 'verified' | 'none' };
  readonly inputs: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly lines: number;
  }[];
  readonly incomplete:
    | readonly { readonly path: string; readonly reason: string; readonly detail: string }[]
    | null;
}

/** An island around its sections, with the stamps that no page may lack. */
export const islandOf = (
  reported: Reported,
  facts: readonly string[],
  sections: readonly Section[],
  { calendar, version }: { readonly calendar: Calendar; readonly version: string },
): Island => {
  const stamp = incompleteStamp(reported);
  return {
    schema: 'authlog.page/1',
    heading: inputLabel(reported),
    facts,
    stamps: [
      ...(reported.verification.mode === 'none' ? [NOT_VERIFIED] : []),
      ...(stamp === null ? [] : [stamp]),
    ],
    tz: calendar.tz,
    sections,
    footer: `authlog ${version}, as of ${calendar.stamp(reported.now)} ${escapeText(calendar.tz)}. This file is complete: it asks nothing of the network.`,
  };
};

/** What a person should read, incomplete inputs first; nothing where there is nothing to say. */
export const noteSections = (
  { incomplete }: Reported,
  messages: readonly string[],
): readonly NotesSection[] => {
  const notes = [...(incomplete ?? []).map(incompleteText), ...messages].map(escapeText);
  if (notes.length === 0) return [];
  return [{ kind: 'notes', id: 'notes', title: 'Take note', about: null, notes }];
};

/** Which files were read, where they are several. */
export const inputSections = ({ inputs }: Reported): readonly TableSection[] => {
  if (inputs.length < 2) return [];
  return [
    {
      kind: 'table',
      id: 'inputs',
      title: plural(inputs.length, 'file'),
      about: null,
      half: true,
      columns: [
        { title: 'File', type: 'code' },
        { title: 'Lines', type: 'count' },
        { title: 'Bytes', type: 'count' },
      ],
      rows: inputs.map(({ path, lines, bytes }) => [
        path === '-' ? 'stdin' : escapeText(path),
        lines,
        bytes,
      ]),
    },
  ];
};
