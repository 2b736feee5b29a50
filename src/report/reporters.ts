import { chunks } from './chunks.ts';
import type { Format, Reporter } from './reporter.ts';

/** Every `--format` and what prints it, loaded when it is asked for. */
export const reporters: Readonly<Record<Format, () => Promise<Reporter>>> = {
  table: async () => {
    const { tableChunks } = await import('./table.ts');
    return (summary, options) => chunks(tableChunks(summary, options));
  },
  json: async () => (await import('./json.ts')).jsonChunks,
  ndjson: async () => (await import('./ndjson.ts')).ndjsonChunks,
  csv: async () => {
    const { csvChunks } = await import('./csv.ts');
    return (summary, { csvRaw }) => csvChunks(summary, csvRaw === true ? 'raw' : 'safe');
  },
  html: async () => (await import('./html/summary-page.ts')).htmlChunks,
  markdown: async () => {
    const { markdownChunks } = await import('./markdown.ts');
    return (summary, options) => chunks(markdownChunks(summary, options));
  },
};
