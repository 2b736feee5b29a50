import { Argument } from 'commander';
import { addGuide } from '../guide.ts';
import { addGroup, option } from '../key-flags.ts';
import type { Define } from '../program.ts';

/** The flags of `config check` as typed. */
export interface ConfigCheckFlags {
  readonly now?: string;
}

/** The flags of `config show` as typed. */
export interface ConfigShowFlags {
  readonly origin?: boolean;
  readonly json?: boolean;
  readonly config?: string;
}

export const defineConfig: Define = (command, host, exit) => {
  addGuide(command, [...CHECK_EXAMPLES, ...SHOW_EXAMPLES]);
  const check = command
    .command('check')
    .description('whether a configuration is right, and what it sets')
    .addArgument(new Argument('[file]', 'default: the one that authlog would find'));
  addGroup(check, 'Time:', [option('--now <time>', 'the present (default: now)', 'NOW')]);
  addGuide(check, CHECK_EXAMPLES, [
    'Opens the files that the configuration names, too. Exit code 0: all is right; 2: something is not.',
  ]);
  check.action(async (file: string | undefined, flags: ConfigCheckFlags) => {
    const { runConfigCheck } = await import('../commands/config-check.ts');
    exit(await runConfigCheck(file ?? null, flags, host));
  });

  const show = command
    .command('show')
    .description('the value of each flag, and where it comes from')
    .addArgument(new Argument('[command]', 'all of its flags (default: of all, what is set)'))
    .addArgument(new Argument('[flag...]', 'behind --: flags as they would be typed'));
  addGroup(show, 'Output:', [
    option('--origin', 'tell where a value comes from, too', 'ORIGIN'),
    option('--json', 'as JSON, with origins', 'JSON'),
    option('--config <file>', 'this configuration, - for none', 'CONFIG'),
  ]);
  addGuide(show, SHOW_EXAMPLES, [
    'A flag on the command line beats its variable, a variable beats the configuration file. Secrets and tokens are not shown.',
  ]);
  show.action(async (name: string | undefined, args: readonly string[], flags: ConfigShowFlags) => {
    const { runConfigShow } = await import('../commands/config-show.ts');
    exit(await runConfigShow(name ?? null, args, flags, host));
  });
};

const CHECK_EXAMPLES = [
  'authlog config check',
  'authlog config check /etc/authlog/authlog.config.yaml',
];

const SHOW_EXAMPLES = [
  'authlog config show --origin',
  'authlog config show analyze --origin -- --top 5',
];
