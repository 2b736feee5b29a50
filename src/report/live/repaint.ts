const BEGIN = '\u{1b}[?2026h';
const END = '\u{1b}[?2026l';
const CLEAR = '\u{1b}[2J';

/**
 * What makes a terminal that shows `before` show `after`: only the lines that differ, as one synchronized
 * update (mode 2026), empty where none does. `before` null: the terminal may show anything.
 */
export const repaint = (before: readonly string[] | null, after: readonly string[]): string => {
  let text = '';
  for (const [row, line] of after.entries()) {
    if (before !== null && before[row] === line) continue;
    text += `\u{1b}[${row + 1};1H${line}\u{1b}[0m\u{1b}[K`;
  }
  if (text === '') return '';
  return `${BEGIN}${before === null ? CLEAR : ''}${text}${END}`;
};
