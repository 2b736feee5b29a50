/** Adds colour to a finished piece of text, never changes its letters. */
export type Paint = (text: string) => string;

/** How a report looks; the letters are the same in every theme except for bars and the mark of a cut. */
export interface Theme {
  readonly unicode: boolean;
  /** Shows that a text was cut. */
  readonly mark: string;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
  readonly stamp: Paint;
  /** Makes a text lead to a URL (OSC 8); null where the terminal has no links. */
  readonly link: ((text: string, url: string) => string) | null;
}

const PLAIN: Omit<Theme, 'unicode' | 'mark' | 'link'> = {
  strong: (text) => text,
  faint: (text) => text,
  good: (text) => text,
  warn: (text) => text,
  bad: (text) => text,
  stamp: (text) => text,
};

const colours = async (): Promise<typeof PLAIN> => {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    warn: (text) => chalk.yellow(text),
    bad: (text) => chalk.red(text),
    stamp: (text) => chalk.bold.red(text),
  };
};

/** The end of an OSC sequence: the URL before it must be one that `URL` made, without control characters. */
const ST = '\u001B\\';

const link = (text: string, url: string): string => `\u001B]8;;${url}${ST}${text}\u001B]8;;${ST}`;

/** The 16 colours of the terminal's own palette, or none and then no library either; block characters only with `unicode`. */
export const createTheme = async (look: {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly links?: boolean;
}): Promise<Theme> => ({
  unicode: look.unicode,
  link: look.links === true ? link : null,
  mark: look.unicode ? '…' : '...',
  ...(look.color ? await colours() : PLAIN),
});
