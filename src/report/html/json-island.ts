import { escapeJsonText } from '../../event/escape-json.ts';

const MARKUP: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/** JSON that can stand inside a `<script>` whatever its texts hold: no end tag, no comment, no line separator. */
export const islandText = (value: unknown): string =>
  escapeJsonText(JSON.stringify(value)).replace(/[<>&]/g, (character) => MARKUP[character]!);
