import { chunks } from './chunks.ts';
import { csvChunks } from './csv.ts';
import { jsonChunks } from './json.ts';
import { markdownChunks } from './markdown.ts';
import { ndjsonChunks } from './ndjson.ts';
import type { Format, Reporter } from './reporter.ts';
import { tableChunks } from './table.ts';

/** Every `--format` and what prints it. */
export const reporters: Readonly<Record<Format, Reporter>> = {
  table: (summary, options) => chunks(tableChunks(summary, options)),
  json: (summary) => jsonChunks(summary),
  ndjson: (summary) => ndjsonChunks(summary),
  csv: (summary, options) => csvChunks(summary, options.csvRaw === true ? 'raw' : 'safe'),
  markdown: (summary, options) => chunks(markdownChunks(summary, options)),
};
