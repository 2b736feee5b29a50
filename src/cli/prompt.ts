import { createRequire } from 'node:module';
import type { Host } from './host.ts';

/**
 * Asks for the shared secret on the terminal, hidden; null where there is no terminal to ask on
 * (cron, a pipe), or where nothing was typed.
 */
export const promptForSecret = (host: Host): string | null => {
  if (host.stdin.isTTY !== true || host.stderr.isTTY !== true) return null;
  // A CommonJS package of one function: loaded only when somebody is asked.
  const readline = createRequire(import.meta.url)(
    'readline-sync',
  ) as typeof import('readline-sync');
  host.stderr.write('No key given (--secret-file, --key, --jwks or AUTHLOG_SECRET).\n');
  const answer = readline.question('Shared secret (hidden, empty to stop): ', {
    hideEchoBack: true,
    mask: '',
    keepWhitespace: true,
    cancel: false,
  });
  return answer === '' ? null : answer;
};
