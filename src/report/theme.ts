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
}

const PLAIN: Omit<Theme, 'unicode' | 'mark'> = {
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

/** The 16 colours of the terminal's own palette, or none and then no library either; block characters only with `unicode`. */
export const createTheme = async (look: {
  readonly color: boolean;
  readonly unicode: boolean;
}): Promise<Theme> => ({
  unicode: look.unicode,
  mark: look.unicode ? '…' : '...',
  ...(look.color ? await colours() : PLAIN),
});
