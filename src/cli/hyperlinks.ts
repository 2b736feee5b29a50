import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

const PROGRAMS: ReadonlySet<string> = new Set(['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'zed']);
const TERMS = /^(?:xterm-kitty|alacritty|foot|xterm-ghostty|wezterm)/;
/** VTE 0.50.0 crashes on a link. */
const VTE_CRASHES = 5000;

/** Whether the terminal is known to have links (OSC 8); FORCE_HYPERLINK says it of any other. */
export const showsLinks = (env: Environment): boolean => {
  const forced = env['FORCE_HYPERLINK'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  // A multiplexer hands on the variables of the terminal around it, but not always its links.
  if (env['TMUX'] !== undefined || env['STY'] !== undefined || env['CI'] !== undefined)
    return false;
  const { TERM_PROGRAM: program = '', TERM: term = '' } = env;
  return (
    PROGRAMS.has(program) ||
    TERMS.test(term) ||
    Number(env['VTE_VERSION'] ?? 0) > VTE_CRASHES ||
    env['WT_SESSION'] !== undefined ||
    env['KITTY_WINDOW_ID'] !== undefined
  );
};

/** The URL of a file of this machine: through ssh the terminal must see that it is not its own. */
export const fileUrl = (path: string, cwd: string): string => {
  const url = pathToFileURL(resolve(cwd, path));
  url.hostname = hostname();
  return url.href;
};

/** The page about the rules that came with the program. */
export const rulesUrl = (): string =>
  fileUrl(fileURLToPath(new URL('../../docs/RULES.md', import.meta.url)), '/');
