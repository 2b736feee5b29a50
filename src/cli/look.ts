import { createTheme, type Theme } from '../report/theme.ts';
import { showsLinks } from './hyperlinks.ts';
import type { Host, Output } from './host.ts';

export const COLOR_MODES = ['auto', 'always', 'never'] as const;
export type ColorMode = (typeof COLOR_MODES)[number];

const PIPE_WIDTH = 100;
const NARROWEST = 40;

/** Colour, links and letters as they are asked for and the stream can have them. */
export const themeFor = (host: Host, stream: Output, mode: ColorMode): Promise<Theme> => {
  const color = wantsColor(host, stream, mode);
  const links = color && stream.isTTY === true && showsLinks(host.env);
  return createTheme({ color, unicode: speaksUnicode(host), links });
};

/** `--color` beats all, then the first variable that is set: NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE; then the terminal. */
const wantsColor = ({ env }: Host, stream: Output, mode: ColorMode): boolean => {
  if (mode !== 'auto') return mode === 'always';
  const { NO_COLOR: no, FORCE_COLOR: force, CLICOLOR_FORCE: cli } = env;
  if (isSet(no)) return false;
  if (isSet(force)) return force !== '0' && force !== 'false';
  if (isSet(cli) && cli !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb' && env['CLICOLOR'] !== '0';
};

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

const speaksUnicode = ({ env }: Host): boolean => {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  // No locale at all is what cron gives; its mails are UTF-8 all the same.
  return locale === '' || /utf-?8/i.test(locale);
};

/** Columns of the terminal, else of `COLUMNS`, else 100. */
const widthOf = ({ env }: Host, stream: Output): number => {
  const columns = stream.isTTY === true ? stream.columns : Number(env['COLUMNS']);
  const width = columns !== undefined && columns > 0 ? Math.floor(columns) : PIPE_WIDTH;
  return Math.max(NARROWEST, width);
};

/** Width and theme of a report: plain where it goes to a file. */
export const lookOf = async (
  host: Host,
  { output, color }: { readonly output?: string; readonly color: ColorMode },
): Promise<{ readonly width: number; readonly theme: Theme }> => {
  const isFile = output !== undefined;
  return {
    width: widthOf(host, isFile ? { ...host.stdout, isTTY: false } : host.stdout),
    theme: await themeFor(host, isFile ? host.stderr : host.stdout, isFile ? 'never' : color),
  };
};
