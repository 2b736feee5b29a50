import type { Cell, Island, TableSection } from '../../page/island.ts';
import { pageAssets } from './assets.ts';
import { islandText } from './json-island.ts';
import { escapeHtml, hashOf } from './markup.ts';

export interface DocumentOptions {
  /** The window's title. */
  readonly title: string;
  readonly island: Island;
  /**
   * Makes it a page of a server: this script runs after the page's own and may ask the same origin for
   * more (`connect-src 'self'`). `authlogPage.render(island)` shows another island in place of the first;
   * what was sorted, filtered and chosen stays.
   */
  readonly live?: { readonly script: string };
}

/** A whole HTML document, and the hashes of its scripts and styles as a policy names them: `sha256-…`. */
export interface HtmlDocument {
  readonly html: string;
  readonly scriptHashes: readonly string[];
  readonly styleHashes: readonly string[];
}

/** Rows of a table that the page reads first; the others lie behind the script and are read when somebody asks. */
const FIRST_ROWS = 200;
const ROWS_TOGETHER = 5000;

/**
 * The page as one file that asks nothing of the network: its policy allows the script and the style that are in it,
 * by their hashes, and nothing else. Texts of the log are in JSON alone.
 */
export const htmlDocument = ({ title, island, live }: DocumentOptions): HtmlDocument => {
  const { script, style } = pageAssets();
  const scripts = live === undefined ? [script] : [script, live.script];
  const scriptHashes = scripts.map(hashOf);
  const styleHashes = [hashOf(style)];
  const first = live === undefined ? withoutRest(island) : island;
  const policy = [
    "default-src 'none'",
    `script-src ${scriptHashes.map((hash) => `'${hash}'`).join(' ')}`,
    `style-src ${styleHashes.map((hash) => `'${hash}'`).join(' ')}`,
    ...(live === undefined ? [] : ["connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const html = [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n',
    `<title>${escapeHtml(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n`,
    '<noscript>This report is drawn by its own script: please allow scripts for this file.</noscript>\n',
    `<script type="application/json" id="island">${islandText(first)}</script>\n`,
    ...scripts.map((text) => `<script>${text}</script>\n`),
    ...(live === undefined ? island.sections.flatMap(restOf) : []),
    '</body>\n</html>\n',
  ].join('');
  return { html, scriptHashes, styleHashes };
};

const withoutRest = (island: Island): Island => ({
  ...island,
  sections: island.sections.map((section) =>
    section.kind === 'table' && section.rows.length > FIRST_ROWS
      ? {
          ...section,
          rows: section.rows.slice(0, FIRST_ROWS),
          rest: section.rows.length - FIRST_ROWS,
        }
      : section,
  ),
});

const restOf = (section: Island['sections'][number]): readonly string[] =>
  section.kind === 'table' ? rowIslands(section) : [];

const rowIslands = ({ id, rows }: TableSection): readonly string[] => {
  const islands: string[] = [];
  for (let from = FIRST_ROWS; from < rows.length; from += ROWS_TOGETHER) {
    const part: readonly (readonly Cell[])[] = rows.slice(from, from + ROWS_TOGETHER);
    islands.push(
      `<script type="application/json" data-rows="${escapeHtml(id)}">${islandText(part)}</script>\n`,
    );
  }
  return islands;
};
