import type { Command } from 'commander';
import { findConfig } from '../config/find-config.ts';
import type { Host } from './host.ts';
import { addGroup, option } from './key-flags.ts';

/** Commands without flags that a file could set. */
const WITHOUT: ReadonlySet<string> = new Set(['config', 'completion', 'help']);

/** Adds `--config` where a command does not have it. */
export const addSettings = (command: Command): void => {
  if (WITHOUT.has(command.name())) return;
  if (command.options.some(({ long }) => long === '--config')) return;
  const file = option(
    '--config <file>',
    'defaults of flags, - for none (default: authlog.config.json, .yaml or .yml here, of the user, of the system)',
    'CONFIG',
  );
  addGroup(command, 'Other:', [file]);
};

/** What neither the command line nor the environment sets gets the value of the configuration file. */
export const applySettings = async (command: Command, host: Host): Promise<void> => {
  const { config: named } = command.opts<{ readonly config?: string }>();
  if (named === '-' || command.options.every(({ long }) => long !== '--config')) return;
  const path = named ?? findConfig({ cwd: host.cwd(), env: host.env }, true);
  if (path === null) return;
  const { applyConfigFlags } = await import('./config-flags.ts');
  await applyConfigFlags(command, { path, isNamed: named !== undefined }, host);
};
