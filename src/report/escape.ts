/** Printable ASCII without `\`: the usual text, returned as it is. */
const PLAIN = /^[ -[\]-~]*$/;

/**
 * What must not reach a terminal or would hide in one. Emoji sequences are captured first, because
 * ZWJ and U+FE0F are part of them; five marks on one letter would draw over the lines around it.
 */
const UNSAFE = new RegExp(
  [
    String.raw`(\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:\u200D\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?){0,9}|[0-9#*]\uFE0F\u20E3)`,
    String.raw`(?<![\s\S])\p{M}+`,
    String.raw`\p{M}{5,}`,
    String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]`,
    // Blanks that look like a space or like nothing; U+3000 is ordinary in Japanese names.
    String.raw`[\xA0\u1680\u2000-\u200A\u202F\u205F\u2800]`,
    String.raw`\\(?![ !#-\[\]-mo-qsvwyz\{-~]|u(?!\{)|x(?![0-9A-F]{2}))`,
  ].join('|'),
  'gu',
);

const hex = (code: number, digits: number): string =>
  code.toString(16).toUpperCase().padStart(digits, '0');

const escapeCharacter = (character: string): string => {
  switch (character) {
    case '\n':
      return String.raw`\n`;
    case '\r':
      return String.raw`\r`;
    case '\t':
      return String.raw`\t`;
    case '\\':
      return String.raw`\\`;
    default: {
      const code = character.codePointAt(0)!;
      return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`;
    }
  }
};

const escapeMatch = (match: string, emoji: string | undefined): string => {
  if (emoji !== undefined) return emoji;
  let escaped = '';
  for (const character of match) escaped += escapeCharacter(character);
  return escaped;
};

/**
 * Makes any text safe for a terminal and keeps it on one line: control, bidi, invisible and unpaired
 * code units become `\n`, `\r`, `\t`, `\xNN` or `\u{…}`. A backslash is doubled only where what follows
 * would make it read as an escape (`DOMAIN\ada` stays, `C:\new` becomes `C:\\new`), so two different
 * texts never look the same because of escaping.
 */
export const escapeText = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(UNSAFE, escapeMatch);

/** What `escapeText` made safe, in the ASCII that every mail can hold: more of it becomes `\u{…}` or `\xNN`. */
export const asciiText = (safe: string): string => safe.replace(/[^ -~]/gu, escapeCharacter);

/** A cell that a spreadsheet would run as a formula, also one that already carries our `'`. */
const FORMULA = /^['\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * One CSV cell (RFC 4180). `safe`: escaped as by `escapeText`, so that a record is one line, and with a
 * leading `'` where a spreadsheet would see a formula. `raw`: the exact text, except that an unpaired
 * surrogate, which UTF-8 cannot hold, becomes `\u{…}`.
 */
export const escapeCsv = (text: string, mode: 'safe' | 'raw' = 'safe'): string => {
  let cell = mode === 'safe' ? escapeText(text) : text.replace(LONE_SURROGATE, escapeCharacter);
  if (mode === 'safe' && FORMULA.test(cell)) cell = `'${cell}`;
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
};

const NEEDS_ENTITIES = /[`|\\]|^\s|\s$/;

/**
 * Any text as inline code for a GitHub table cell: a code span, where no markup, mention or link is read.
 * A text that a code span in a table cannot hold becomes `<code>` with character references.
 */
export const escapeMarkdown = (text: string): string => {
  const line = escapeText(text);
  if (line === '') return '';
  if (!NEEDS_ENTITIES.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^A-Za-z0-9\x80-\u{10FFFF}]/gu, (c) => `&#${c.charCodeAt(0)};`)}</code>`;
};
