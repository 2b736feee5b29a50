import { readFileSync } from 'node:fs';

/** What the browser gets beside the data, made by the build. */
export interface Assets {
  readonly script: string;
  readonly style: string;
  /** What makes it a page of a server. */
  readonly live: string;
}

/** From src/report and from every folder of dist the same way. */
const read = (name: string): string => {
  const depth = import.meta.url.includes('/src/report/html/') ? '../../../dist' : '..';
  return readFileSync(new URL(`${depth}/page/${name}`, import.meta.url), 'utf8');
};

let known: Assets | null = null;

/** Scripts and style of the page; read once. */
export const pageAssets = (): Assets => {
  known ??= { script: read('page.js'), style: read('page.css'), live: read('live.js') };
  return known;
};
