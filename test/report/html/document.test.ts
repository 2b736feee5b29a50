import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { htmlDocument } from '../../../src/report/html/document.ts';
import { islandText } from '../../../src/report/html/json-island.ts';
import { summaryIsland } from '../../../src/report/html/summary-page.ts';
import { NAUGHTY } from '../naughty.ts';
import { small } from '../summaries.ts';

const extras = { activity: null, findings: null, rules: [], version: '1', tz: 'UTC', top: 0 };
const island = summaryIsland(small, extras);

const hashes = (html: string, element: RegExp): string[] =>
  [...html.matchAll(element)].map(
    ([, text]) => `sha256-${createHash('sha256').update(text!).digest('base64')}`,
  );

describe('the document', () => {
  test('allows its own script and style, by their hashes, and nothing else', () => {
    const { html, scriptHashes, styleHashes } = htmlDocument({ title: 'x', island });
    expect(hashes(html, /<script>(.*?)<\/script>/gs)).toEqual(scriptHashes);
    expect(hashes(html, /<style>(.*?)<\/style>/gs)).toEqual(styleHashes);
    expect(/Content-Security-Policy" content="([^"]*)"/.exec(html)![1]).toBe(
      `default-src 'none'; script-src '${scriptHashes[0]}'; style-src '${styleHashes[0]}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html).not.toMatch(/ style=| on[a-z]+=|<link|<img|src=/);
  });

  test('of a server may ask that server, and has its script too', () => {
    const { html, scriptHashes } = htmlDocument({ title: 'x', island, live: { script: 'go()' } });
    expect(scriptHashes).toHaveLength(2);
    expect(html).toContain("connect-src 'self'");
    expect(html).toContain('<script>go()</script>');
  });

  test('an island holds no character that ends it, and reads as what it was', () => {
    const text = islandText(NAUGHTY);
    expect(text).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(text)).toEqual(NAUGHTY);
  });
});

describe('stamps', () => {
  test('a report of signatures that were not checked says so', () => {
    const verification = { mode: 'none', verified_by: null, keys: [] } as const;
    const { stamps } = summaryIsland({ ...small, verification }, extras);
    expect(stamps).toEqual(['NOT VERIFIED: signatures were not checked']);
  });

  test('a report of half an input says so', () => {
    const incomplete = [{ path: 'a.gz', reason: 'truncated', detail: 'cut off' }] as const;
    const { stamps, sections } = summaryIsland({ ...small, incomplete }, extras);
    expect(stamps).toEqual(['INCOMPLETE: 1 input was not read to the end']);
    expect(JSON.stringify(sections)).toContain('a.gz');
  });
});
