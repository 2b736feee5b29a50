import { Option } from 'commander';
import type { KeyKind } from '../../issue/generate.ts';
import { addGroup, option } from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { collect, durationValue } from '../values.ts';

/** The flags of `issue` as typed. */
export interface IssueFlags {
  readonly secretFile?: readonly string[];
  readonly secretEnv?: readonly string[];
  readonly secret?: readonly string[];
  readonly key?: readonly string[];
  readonly alg?: string;
  readonly kid?: string;
  readonly allowWeakSecret?: boolean;
  readonly userId?: string;
  readonly email?: string;
  readonly role?: readonly string[];
  readonly claim?: readonly string[];
  readonly claims?: string;
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly jti?: string;
  readonly expiresIn: string;
  readonly expiry: boolean;
  readonly notBefore?: string;
  readonly now?: string;
  readonly generateKey?: KeyKind;
  readonly json?: boolean;
  readonly output?: string;
  readonly record?: string;
}

const KINDS: readonly KeyKind[] = [
  'hs256',
  'hs384',
  'hs512',
  'rs256',
  'es256',
  'es384',
  'es512',
  'eddsa',
];

/** A flag that takes one value but must notice a second, which commander would take in silence. */
const once = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect);

/** Where a flag's value comes from: `cli`, `env`, `default`. */
export type SourceOf = (flag: string) => string | undefined;

export const defineIssue: Define = (command, host, exit) => {
  addGroup(command, 'Key (one of them, else AUTHLOG_SECRET, else asked for):', [
    once('--key <file>', 'private key: PEM, JWK, or a JWKS with one private key').env(
      'AUTHLOG_SIGNING_KEY',
    ),
    once('--secret-file <file>', 'shared secret for HS256/384/512').env('AUTHLOG_SECRET_FILE'),
    once('--secret-env <name>', 'environment variable with the secret'),
    once('--secret <value>', 'the secret itself: others can see it in the process list'),
    option(
      '--alg <name>',
      'one that the key allows (default: HS256, RS256, ES256/384/512 or EdDSA, by the key)',
      'SIGNING_ALG',
    ),
    option('--kid <id>', "key id in the header (default: the JWK's own)", 'KID'),
    option('--allow-weak-secret', 'sign with a secret that can be guessed', 'ALLOW_WEAK_SECRET'),
  ]);
  addGroup(command, 'Claims:', [
    option(
      '--user-id <id>',
      'claim user_id, a text; for a number --claim user_id=12345',
      'USER_ID',
    ),
    option('--email <address>', 'claim email', 'EMAIL'),
    option(
      '--role <name>',
      'claim role; several become the list roles; repeatable',
      'ROLE',
    ).argParser(collect),
    option(
      '--claim <name=value>',
      'any claim; numbers, true, false, null, lists, objects and "texts" as in JSON; repeatable',
      'CLAIM',
    ).argParser(collect),
    option('--claims <file>', 'a JSON object of claims, - for standard input', 'CLAIMS'),
    option('--issuer <iss>', 'claim iss', 'ISSUER'),
    option(
      '--audience <aud>',
      'claim aud; several become a list; repeatable',
      'AUDIENCE',
    ).argParser(collect),
    option('--jti <id>', 'claim jti (default: a random UUID)', 'JTI'),
  ]);
  addGroup(command, 'Time:', [
    option('--expires-in <duration>', 'from now to exp', 'EXPIRES_IN')
      .argParser(durationValue)
      .default('1d'),
    option('--no-expiry', 'no exp: the token never ends', 'NO_EXPIRY'),
    option('--not-before <time>', 'claim nbf: a time, or +2h from now', 'NOT_BEFORE'),
    option('--now <time>', 'the present, which iat and exp count from (default: now)', 'NOW'),
  ]);
  addGroup(command, 'Output:', [
    option('--json', 'token, its id, header and claims as JSON', 'JSON'),
    option('-o, --output <file>', 'write there, mode 0600, whole or not at all', 'OUTPUT'),
    option('--record <file|url>', 'append the event token_issued first', 'RECORD'),
  ]);
  addGroup(command, 'Keys to make:', [
    new Option(
      '--generate-key <kind>',
      'make a strong key and sign nothing; -o FILE gets the private key, FILE.jwks.json the public one',
    ).choices(KINDS),
  ]);
  addGuide(command, EXAMPLES, NOTES);
  const sourceOf = (flag: string): string | undefined => command.getOptionValueSource(flag);
  command.action(async (flags: IssueFlags) => {
    if (flags.generateKey !== undefined) {
      const { runGenerateKey } = await import('../commands/generate-key.ts');
      const typed = command.options.filter((item) => sourceOf(item.attributeName()) === 'cli');
      const names = typed.map((item) => item.long ?? item.flags);
      exit(await runGenerateKey(flags.generateKey, flags.output, names, host));
      return;
    }
    const { runIssue } = await import('../commands/issue.ts');
    exit(await runIssue(flags, host, sourceOf));
  });
};

const EXAMPLES = [
  'authlog issue --generate-key hs256 -o secret',
  'authlog issue --secret-file secret --user-id 12345 --email johndoe@example.com',
  'authlog issue --key key.json --claims claims.json --expires-in 15m --json | jq .claims',
  'TOKEN=$(authlog issue --secret-file secret --user-id 7 --record auth.jsonl)',
];

const NOTES = [
  'Every token gets iat and jti; exp is a day from now unless --expires-in, --no-expiry or a claim exp says otherwise. A claim that is given twice, a lifetime beside a claim exp, exp or nbf that is no number, and a secret that can be guessed are refused (exit 2). An exp that has passed is only remarked.',
  'Every flag but --secret, --secret-env and --generate-key can also be set as an environment variable: --secret-file as AUTHLOG_SECRET_FILE, --key as AUTHLOG_SIGNING_KEY, --alg as AUTHLOG_SIGNING_ALG. A flag on the command line wins.',
];
