import type { TableSection } from '../../page/island.ts';
import type { Verification } from '../../summarize/summary.ts';
import { escapeText } from '../escape.ts';

/** Which key verified how many tokens; nothing where no key was given. */
export const keySections = ({ keys }: Verification): readonly TableSection[] => {
  if (keys.length === 0) return [];
  return [
    {
      kind: 'table',
      id: 'keys',
      title: 'Keys and algorithms',
      about: 'Tokens that each key verified.',
      half: true,
      columns: [
        { title: 'Key', type: 'text' },
        { title: 'Type', type: 'text' },
        { title: 'Algorithms', type: 'text' },
        { title: 'Tokens', type: 'count' },
      ],
      rows: keys.map(({ id, kty, algs, tokens }) => [
        escapeText(id),
        escapeText(kty),
        algs.map(escapeText).join(', '),
        tokens,
      ]),
    },
  ];
};
