import { Argument } from 'commander';
import { addGroup, option } from '../key-flags.ts';
import type { Define } from '../program.ts';

/** The flags of `config check` as typed. */
export interface ConfigCheckFlags {
  readonly now?: string;
}

export const defineConfig: Define = (command, host, exit) => {
  const check = command
    .command('check')
    .description('whether a configuration is right, and what it sets')
    .addArgument(new Argument('[file]', 'default: the one that authlog audit would find'));
  addGroup(check, 'Time:', [option('--now <time>', 'the present (default: now)', 'NOW')]);
  check.addHelpText('after', HELP);
  check.action(async (file: string | undefined, flags: ConfigCheckFlags) => {
    const { runConfigCheck } = await import('../commands/config-check.ts');
    exit(await runConfigCheck(file ?? null, flags, host));
  });
};

const HELP = `
Opens the files that the configuration names, too. Exit code 0: all is right; 2: something is not.

Examples:
  authlog config check
  authlog config check /etc/authlog/authlog.config.yaml
`;
