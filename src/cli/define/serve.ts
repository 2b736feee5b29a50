import { addGuide } from '../guide.ts';
import { addGroup, keyOptions, option, policyOptions } from '../key-flags.ts';
import type { Define } from '../program.ts';
import { collect, durationValue, listValue, zoneValue } from '../values.ts';

/** `authlog serve`: the flags, and what runs. */
export const defineServe: Define = (command, host, exit) => {
  addGroup(command, 'Store:', [
    option(
      '--store <url>',
      'duckdb:PATH, mongodb://HOST/NAME or clickhouse://HOST/NAME; only read',
      'STORE',
    ).default('duckdb:', 'duckdb: in the state folder'),
    option('--poll <duration>', 'time between two looks while somebody watches', 'SERVE_POLL')
      .argParser(durationValue)
      .default('2s'),
    option('--config <file>', 'settings of the rules, - for none (as for audit)', 'CONFIG'),
    option('--tz <zone>', 'zone of the report, and of times without an offset', 'TZ')
      .argParser(zoneValue)
      .default('UTC'),
    option('--now <time>', 'the present (default: the clock)', 'NOW'),
  ]);
  addGroup(command, 'Server:', [
    option('--listen <place>', 'HOST:PORT or unix:/path', 'SERVE_LISTEN').default('127.0.0.1:8788'),
    option(
      '--allow-remote',
      'listen where other machines reach it, though nothing is encrypted',
      'ALLOW_REMOTE',
    ),
    option(
      '--public-url <url>',
      'address under which browsers reach it through a proxy; repeatable',
      'PUBLIC_URL',
    ).argParser(collect),
    option(
      '--trusted-proxy <network>',
      'believe forwarded addresses of this address or network; repeatable (default: loopback)',
      'TRUSTED_PROXY',
    ).argParser(collect),
  ]);
  // Known, so that it is refused with a reason.
  const keys = keyOptions().map((key) => (key.long === '--no-verify' ? key.hideHelp() : key));
  addGroup(command, 'Keys of those who may look:', keys);
  addGroup(command, 'Policy:', [
    ...policyOptions().filter(({ long }) => long !== '--allow-padding'),
    option('--rules <file>', 'scopes and roles that pages require, as for guard', 'RULES'),
    option('--revocations <file>', 'revoked tokens and users, as for guard', 'REVOCATIONS'),
    option('--user-claim <list>', 'claims that may name the user', 'USER_CLAIM').argParser(
      listValue,
    ),
  ]);
  addGuide(
    command,
    [
      'authlog serve --store duckdb:history.duckdb --secret-file viewers.key',
      'authlog issue --secret-file viewers.key --user-id ops --role auditor --expires-in 8h',
      'authlog serve --key jwks.json --rules rules.json --listen unix:/run/authlog.sock',
    ],
    [
      'Open the address in a browser and sign in with a token that the keys verify. Scripts send Authorization: Bearer TOKEN to /api/summary, /api/findings, /api/users/string:ID, /api/search and /api/events.',
      'SIGHUP reads keys, rules and revocations anew; SIGTERM and SIGINT end it with 0.',
    ],
  );
  command.action(async () => {
    const { runServe } = await import('../commands/serve.ts');
    exit(await runServe(command.opts(), host));
  });
};
