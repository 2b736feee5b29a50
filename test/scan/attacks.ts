import { mint } from '../support/tokens.ts';

const [header, payload, signature] = mint({ sub: 'ada' }).split('.') as [string, string, string];

const PIECES: readonly (readonly [name: string, piece: string, first?: string])[] = [
  ['headers in headers', 'eyJ'],
  ['headers in headers of tokens', `${'eyJ'.repeat(2000)}.a.b `],
  ['headers in padded headers', `${'eyJ'.repeat(2000)}==.a.b `],
  ['headers behind hyphens', '-eyJ'],
  ['headers behind underscores', '_eyA'],
  ['headers in percent escapes', '%3DeyJ'],
  ['headers behind colours', '\x1b[31meyJ'],
  ['headers behind newlines of JSON', '\\neyJ'],
  ['one run of letters', 'a'],
  ['one run of e', 'e'],
  ['one run of T', 'T'],
  ['one run behind a header', 'a', header],
  ['one payload', 'a', `${header}.`],
  ['one signature', 'a', `${header}.${payload}.`],
  ['parts', 'eyJ.'],
  ['empty parts', '.', header],
  ['empty parts of a token', '.', `${header}.${payload}.`],
  ['headers alone', `${header}.`],
  ['headers and payloads', `${header}.${payload}.`],
  ['headers with two dots', `${header}..`],
  ['padded parts', 'eyJhbGciOiJI==.'],
  ['tokens', `${header}.${payload}.${signature} `],
  ['tokens without space', `${header}.${payload}.${signature}`],
  ['tokens of four parts', `${header}.${payload}.${signature}.x `],
  ['masks', `${header}.${payload}.***`],
  ['stars', '*', `${header}.${payload}.`],
  ['brackets', '[', `${header}.${payload}.`],
  ['brackets behind tokens', `${header}.${payload}.[[`],
  ['masked words', `${header}.${payload}.redacted`],
  ['labels', 'Token: '],
  ['labels and spaces', 'Token:  '],
  ['spaces behind a label', ' ', 'Token: '],
  ['labels and schemes', 'Token: Bearer '],
  ['labels and quotes', 'Token: "'],
  ['quotes behind a label', '"', 'Token: '],
  ['quotes behind a word', '"', 'Token: x'],
  ['labels and headers', 'Token: eyJ.'],
  ['a label and headers', 'eyJ.', 'Token: '],
  ['a label and one run', 'eyJ', 'Token: '],
  ['a label and dots', '.', 'Token: x'],
  ['labels glued to values', 'Token: eyJ.eyJ.Token: '],
  ['a label and tokens', `,${header}.${payload}.${signature}`, 'Token: '],
  ['almost labels', 'Token:'],
  ['NUL', '\0'],
];

/** Names, pieces of which a line is made, and what stands before them: what a careless search reads again and again. */
export const ATTACKS: (readonly [name: string, piece: string, first: string])[] = PIECES.map(
  ([name, piece, first = '']) => [name, piece, first],
);

/** A line of `size` bytes. */
export const attack = (piece: string, first: string, size: number): Buffer =>
  Buffer.from((first + piece.repeat(Math.ceil(size / piece.length))).slice(0, size), 'latin1');
