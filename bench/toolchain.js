import { spawnSync } from 'node:child_process';

/** Runs a build step to its end; throws one sentence when the tool is missing or the step fails. */
export const step = (command, args, options = {}) => {
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (done.error) throw new Error(`${command} is not installed`);
  if (done.status !== 0) {
    const last = done.stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`${command} ${args[0] ?? ''} failed: ${last}`);
  }
  return done.stdout.trim();
};

/** What a program answers when asked for its version. */
export const versionOf = (command, ...args) => step(command, args).split('\n')[0];
