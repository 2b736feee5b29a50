const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Letters of Chinese, Japanese and Korean take two columns, whatever font has them. */
const WIDE = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const escape = (text) =>
  text
    .replace(/[&<>]/g, (character) => ENTITIES[character])
    .replace(WIDE, (letter) => `<i>${letter}</i>`);

/** What each SGR code turns on; what ends it is the code beside it. */
const STARTS = new Map([
  [1, 'strong'],
  [2, 'faint'],
  [31, 'bad'],
  [32, 'good'],
  [33, 'warn'],
]);
const ENDS = new Map([
  [22, ['strong', 'faint']],
  [39, ['bad', 'good', 'warn']],
]);

const SGR = new RegExp(String.raw`\u001B\[([\d;]*)m`);

/** Coloured text of a terminal as HTML. */
const markup = (text) => {
  const on = new Set();
  return text
    .split(SGR)
    .map((piece, at) => {
      if (at % 2 === 0) {
        return piece === '' ? '' : `<span class="${[...on].join(' ')}">${escape(piece)}</span>`;
      }
      for (const code of piece.split(';').map(Number)) {
        if (STARTS.has(code)) on.add(STARTS.get(code));
        for (const name of ENDS.get(code) ?? []) on.delete(name);
      }
      return '';
    })
    .join('');
};

const STYLE = `
  body { margin: 0; background: #fff; }
  main { display: inline-block; padding: 0 0 14px; background: #16191b; color: #d6dad8; border-radius: 8px; }
  header { display: flex; gap: 7px; padding: 11px 14px; }
  header i { width: 11px; height: 11px; border-radius: 50%; background: #3b4247; }
  pre { margin: 0; padding: 4px 20px 6px; font: 13.29px/18px 'DejaVu Sans Mono', 'NanumGothicCoding', monospace; }
  pre i { display: inline-block; width: 16px; font-style: normal; }
  .prompt { color: #66c7bf; }
  .strong { font-weight: 700; color: #fff; }
  .faint { color: #7d878d; }
  .good { color: #5fb0a8; }
  .warn { color: #e3a23c; }
  .bad { color: #f0766d; }
`;

/** A page that looks like a terminal in which the command was typed. */
export const terminalPage = ({ command, output }) => `<!doctype html>
<meta charset="utf-8"><style>${STYLE}</style>
<main><header><i></i><i></i><i></i></header>
<pre><span class="prompt">$</span> ${escape(command)}\n${markup(output.trimEnd())}</pre></main>`;
