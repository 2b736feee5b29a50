import { escapeJsonText } from '../event/escape-json.ts';
import { maskTokens } from '../source/fields/mask.ts';
import { AppendFile } from './append-file.ts';
import type { Durability } from './choices.ts';
import { CUT, MAX_LINE } from './bounded.ts';
import { inspectFile } from './inspect.ts';
import { beginsAsText } from './own-lines.ts';

/** A use of a token as the text format tells it. */
export interface TextEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly token: string | null;
  readonly event: string;
}

export interface TextOptions {
  readonly durability: Durability;
  readonly onNotice: (message: string) => void;
}

/** The lines `Token: …` and `User Log: …` as Python's `logging` writes them, in UTC; the tokens in it live. */
export class TextLog {
  readonly #file: AppendFile;

  constructor(path: string, { durability, onNotice }: TextOptions) {
    this.#file = new AppendFile(path, {
      durability,
      shared: true,
      inspect: (file) => inspectFile(file, beginsAsText, onNotice),
    });
  }

  append(entry: TextEntry): Promise<void> {
    try {
      this.#file.write(Buffer.from(encodeText(entry)));
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#file.durable();
  }

  reopen(): Promise<void> {
    return this.#file.reopen();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/**
 * Both lines of an entry, the first only where there is a token; written together, so that they
 * stay together: 64 KiB at most.
 */
export const encodeText = ({ time, token, event }: TextEntry): string => {
  const stamp = new Date(time).toISOString().replace('T', ' ').replace('.', ',').slice(0, 23);
  const said = `${stamp} - User Log: ${plainText(event)}\n`;
  if (token === null) return said;
  const room = MAX_LINE - Buffer.byteLength(said) - LABEL_ROOM;
  return `${stamp} - Token: ${tokenWord(token.slice(0, room)).slice(0, room)}\n${said}`;
};

const LONGEST_TEXT = 8192;
/** For the stamp, the label and the line break before and after a token. */
const LABEL_ROOM = 64;
const COMPACT = /^[\w.=-]+$/;

/**
 * A token as one word, whatever it is: white space would end it, or begin another line. One that
 * stands inside of something else was not what was sent, and must not be read as such.
 */
const tokenWord = (token: string): string =>
  COMPACT.test(token) ? token : maskTokens(token).replace(/[^!-~]/g, unicodeEscape);

/** Text that stays on its line, acts on no terminal, and cannot pass for a token of the log. */
const plainText = (text: string): string => {
  const kept = text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT) + CUT;
  const masked = maskTokens(kept).replace(/(token)(\s*):/gi, '$1$2\\x3a');
  return escapeJsonText(masked.replace(/\p{Cc}/gu, controlEscape));
};

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const controlEscape = (character: string): string =>
  NAMED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
