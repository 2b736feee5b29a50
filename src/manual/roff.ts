/** Text for a line of a manual page: nothing in it is a request or an escape. */
export const roff = (text: string): string => {
  const safe = text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('·', String.raw`\(bu`)
    .replaceAll('…', '...');
  return /^[.']/.test(safe) ? String.raw`\&${safe}` : safe;
};

export const bold = (text: string): string => `\\fB${roff(text)}\\fR`;

export const italic = (text: string): string => `\\fI${roff(text)}\\fR`;

export const section = (title: string): string => `.SH ${quoted(title)}`;

export const subsection = (title: string): string => `.SS ${quoted(title)}`;

/** A term and, indented, what it means; both are roff already. */
export const item = (term: string, meaning: string): string => `.TP\n${term}\n${meaning}`;

/** Lines as they are, in a font of equal widths. */
export const verbatim = (text: string): string =>
  `.PP\n.RS 4\n.nf\n${text.split('\n').map(roff).join('\n')}\n.fi\n.RE`;

export const paragraph = (text: string): string => `.PP\n${roff(text)}`;

const quoted = (text: string): string => `"${roff(text).replaceAll('"', String.raw`\(dq`)}"`;
