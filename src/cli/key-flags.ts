import { InvalidArgumentError, Option, type Command } from 'commander';
import { suggestion } from '../config/nearest.ts';
import { collect, durationValue, listValue } from './values.ts';

/** The keys that verify, as typed; `resolveKeyRing` loads them. */
export interface KeyFlags {
  readonly secretFile?: readonly string[];
  readonly secretEnv?: string;
  readonly secret?: string;
  readonly key?: readonly string[];
  readonly jwks?: readonly string[];
  readonly verify: boolean;
  readonly alg?: readonly string[];
}

/** What a token must satisfy beside its signature. */
export interface PolicyFlags {
  readonly issuer?: readonly string[];
  readonly audience?: readonly string[];
  readonly leeway: string;
  readonly allowPadding?: boolean;
}

/** An option that can also be set as `AUTHLOG_` and `env`. */
export const option = (flags: string, description: string, env: string): Option =>
  new Option(flags, description).env(`AUTHLOG_${env}`);

/** Adds options under a heading of the help. */
export const addGroup = (command: Command, heading: string, options: readonly Option[]): void => {
  for (const item of options) {
    const { argChoices } = item;
    if (argChoices !== undefined) item.argParser((word) => choiceValue(word, argChoices));
    command.addOption(item.helpGroup(heading));
  }
};

/** One of the choices. Throws, with the one that was likely meant. */
export const choiceValue = (word: string, choices: readonly string[]): string => {
  if (choices.includes(word)) return word;
  throw new InvalidArgumentError(suggestion(word, choices));
};

export const keyOptions = (): readonly Option[] => [
  option(
    '--secret-file <file>',
    'shared secret for HS256/384/512; repeatable',
    'SECRET_FILE',
  ).argParser(collect),
  new Option(
    '--secret-env <name>',
    'environment variable with the secret (default: AUTHLOG_SECRET)',
  ),
  new Option('--secret <value>', 'the secret itself: others can see it in the process list'),
  option('--key <file>', 'public key: PEM, OpenSSH, JWK or JWKS; repeatable', 'KEY').argParser(
    collect,
  ),
  option('--jwks <url>', 'fetch a JWKS, https only; repeatable', 'JWKS').argParser(collect),
  option('--no-verify', 'do not check signatures; said on every output', 'NO_VERIFY'),
  option('--alg <list>', 'accept only these algorithms', 'ALG').argParser(listValue),
];

export const policyOptions = (): readonly Option[] => [
  option('--issuer <iss>', 'accept only this issuer; repeatable', 'ISSUER').argParser(collect),
  option('--audience <aud>', 'accept only this audience; repeatable', 'AUDIENCE').argParser(
    collect,
  ),
  option('--leeway <duration>', 'tolerance for exp and nbf', 'LEEWAY')
    .argParser(durationValue)
    .default('0', '0s'),
  option(
    '--allow-padding',
    'accept = padding in tokens, as AWS load balancers write it',
    'ALLOW_PADDING',
  ),
];
