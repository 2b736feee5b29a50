import { createHash } from 'node:crypto';
import { escapeText } from '../report/escape.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text for a place in HTML, in an attribute with quotes too. */
export const htmlText = (text: string): string =>
  escapeText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** The source expression of a Content-Security-Policy for one inline script or style. */
export const hashSource = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
