import { giveHeadStart } from './head-start.ts';
import type { Host } from './host.ts';
import { packageVersion } from './package-version.ts';

/** Runs the program and returns its exit code; the only place that catches everything. */
export const main = async (host: Host): Promise<number> => {
  const args = host.argv.slice(2);
  // Without a listener a closed pipe ends the process with a stack trace; results check each write.
  for (const stream of [host.stdout, host.stderr]) stream.on('error', () => undefined);
  // Asked by scripts at every turn: answered before anything is loaded.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    host.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  try {
    await giveHeadStart(args);
    const { run } = await import('./program.ts');
    return await run(args, host, packageVersion());
  } catch (error) {
    return await report(error, host);
  }
};

const report = async (error: unknown, host: Host): Promise<number> => {
  const { ClosedPipe } = await import('./write.ts');
  if (error instanceof ClosedPipe) return 0;
  const { AuthlogError } = await import('../errors.ts');
  const { renderError } = await import('../report/error.ts');
  const { themeFor } = await import('./look.ts');
  const theme = await themeFor(host, host.stderr, 'auto');
  if (error instanceof AuthlogError) {
    host.stderr.write(renderError(error.message, error.hint, theme));
    return error.exitCode;
  }
  // The message of an unforeseen error may quote the log: say only where in the program it came from.
  const place = /\(?(?:file:\/\/)?[^()\s]*\/((?:src|dist)\/[^()\s]+?:\d+)/.exec(
    error instanceof Error ? (error.stack ?? '') : '',
  );
  // A system error's code (EMFILE, ENOMEM) often says that the fault is the machine's.
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  const name = error instanceof Error ? error.name + code : 'unknown error';
  const message = `internal error (${name}${place === null ? '' : ` at ${place[1]}`})`;
  host.stderr.write(
    renderError(message, 'This is a fault in authlog: please report it with this line.', theme),
  );
  return 70;
};
