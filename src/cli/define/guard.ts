import { InvalidArgumentError } from 'commander';
import { addGroup, keyOptions, option, policyOptions } from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { collect, listValue, sizeValue, wholeValue } from '../values.ts';

/** `authlog guard`: the flags, and what runs. */
export const defineGuard: Define = (command, host, exit) => {
  addGroup(command, 'Server:', [
    option(
      '--listen <place>',
      'HOST:PORT or unix:/path of the decision endpoint',
      'LISTEN',
    ).default('127.0.0.1:8787'),
    option('--metrics <place>', 'serve Prometheus /metrics there', 'METRICS'),
    option(
      '--trusted-proxy <network>',
      'believe forwarded fields of this address or network; repeatable (default: loopback)',
      'TRUSTED_PROXY',
    ).argParser(collect),
    option(
      '--envoy-prefix <path>',
      'Envoy repeats requests below this path',
      'ENVOY_PREFIX',
    ).argParser(prefixValue),
    option('--max-connections <n>', 'connections at a time', 'MAX_CONNECTIONS')
      .argParser(wholeValue(1, 1_000_000))
      .default(10_000),
    option('--realm <text>', 'realm of the challenge', 'REALM').default('authlog'),
  ]);
  addGroup(command, 'Record:', [
    option('--record <file|url>', 'append one event for each decision', 'RECORD'),
    option('--no-record', 'record nothing', 'NO_RECORD'),
    option(
      '--durability <mode>',
      'sync events to the disk: never, each second, before the answer',
      'DURABILITY',
    )
      .choices(['none', 'interval', 'always'])
      .default('interval'),
    option('--on-record-fail <what>', 'a request that cannot be recorded', 'ON_RECORD_FAIL')
      .choices(['deny', 'allow'])
      .default('deny'),
    option('--chain', 'each record holds the hash of the one before', 'CHAIN'),
  ]);
  // Known, so that a guard refuses it and says why.
  const keys = keyOptions().map((key) => (key.long === '--no-verify' ? key.hideHelp() : key));
  addGroup(command, 'Keys:', keys);
  addGroup(command, 'Policy:', [
    // Padding gives one token several spellings: a guard takes the one of RFC 7515.
    ...policyOptions().filter(({ long }) => long !== '--allow-padding'),
    option('--rules <file>', 'scopes and roles that paths require, as JSON', 'RULES'),
    option(
      '--revocations <file>',
      'revoked tokens and users, as JSON or JSON Lines',
      'REVOCATIONS',
    ),
    option(
      '--user-claim <list>',
      'claims that may name the user, in this order',
      'USER_CLAIM',
    ).argParser(listValue),
    option('--max-token <size>', 'judge no longer token', 'MAX_TOKEN')
      .argParser(sizeValue)
      .default(16 << 10, '16K'),
  ]);
  addGuide(command, EXAMPLES, NOTES);
  command.action(async () => {
    const { runGuard } = await import('../commands/guard.ts');
    exit(await runGuard(command.opts(), host, command.parent?.version() ?? ''));
  });
};

const prefixValue = (text: string): string => {
  if (!/^(?:\/[\w.-]+)+$/.test(text)) {
    throw new InvalidArgumentError('Give a path such as /envoy, without a slash at the end.');
  }
  return text;
};

const EXAMPLES = [
  'authlog guard --secret-file secret --record /var/log/authlog/access.jsonl',
  'authlog guard --key jwks.json --record access.jsonl --rules rules.json --revocations revoked.jsonl',
  'authlog guard --key public.pem --record access.jsonl --listen unix:/run/authlog/guard.sock',
];

const NOTES = [
  'Signals: SIGHUP reads keys, rules and revocations anew and opens the record anew; SIGTERM and SIGINT answer what was asked, then end with 0.',
];
