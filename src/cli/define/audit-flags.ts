import { InvalidArgumentError, type Command, type Option } from 'commander';
import { LEVELS, type Level } from '../../audit/level.ts';
import { suggestion } from '../../config/nearest.ts';
import { AUDIT_FORMATS, type AuditFormat } from '../../report/audit/reporter.ts';
import { pagerOption, type ReadFlags } from '../flags.ts';
import { addGroup, option } from '../key-flags.ts';
import { followOptions, type FollowFlags } from '../live/follow-flags.ts';
import { collect, durationValue, listValue, wholeValue } from '../values.ts';

/** What decides which rules run, and what of their findings is hidden; as typed. */
export interface RuleFlags {
  /** `-` for none. */
  readonly config?: string;
  readonly enable?: readonly string[];
  readonly disable?: readonly string[];
  readonly level: Level;
  readonly threshold?: readonly string[];
  readonly baseline?: readonly string[];
  readonly adminUser?: readonly string[];
  readonly trustedProxy?: readonly string[];
  readonly lateness?: string;
  readonly learn?: string;
  readonly wordlist?: readonly string[];
}

/** Flags of `authlog audit`, as typed; `resolveAuditSettings` says what those of the rules mean. */
export interface AuditFlags extends ReadFlags, RuleFlags, FollowFlags {
  readonly failOn?: Level;
  readonly format: AuditFormat;
  readonly json?: boolean;
  readonly top?: number;
  readonly pager: boolean;
}

/** Adds the flags about rules. */
export const addRuleFlags = (command: Command): void => {
  addGroup(command, 'Rules:', [
    option(
      '--config <file>',
      'settings, - for none (default: authlog.config.json, .yaml or .yml here, of the user, of the system)',
      'CONFIG',
    ),
    option(
      '--enable <list>',
      'run only these rules, by id or name; also those that the configuration leaves out',
      'ENABLE',
    ).argParser(listValue),
    option('--disable <list>', 'leave these rules out', 'DISABLE').argParser(listValue),
    option('--threshold <setting>', 'such as AL007.span=10m; repeatable', 'THRESHOLD').argParser(
      collect,
    ),
    option('--level <level>', 'report only findings of this level or worse', 'LEVEL')
      .choices(LEVELS)
      .default('info'),
    option(
      '--baseline <file>',
      'hide the findings of an earlier --json or ndjson report, unless they got worse; repeatable',
      'BASELINE',
    ).argParser(collect),
    option(
      '--admin-user <id>',
      'a user whose tokens are worth more; repeatable',
      'ADMIN_USER',
    ).argParser(collect),
    option(
      '--trusted-proxy <network>',
      "addresses that are a proxy's, not the client's; repeatable",
      'TRUSTED_PROXY',
    ).argParser(collect),
    option(
      '--wordlist <file>',
      'guess secrets from this list too; repeatable',
      'WORDLIST',
    ).argParser(collect),
    option('--lateness <duration>', 'how late lines may be (default: 1m)', 'LATENESS').argParser(
      durationValue,
    ),
    option(
      '--learn <duration>',
      'so much before the first finding only teaches the rules what is usual',
      'LEARN',
    ).argParser(durationValue),
  ]);
};

/** What `audit` adds to the flags about output. */
export const auditOutputOptions = (): readonly Option[] => [
  option('--format <name>', 'how to print', 'AUDIT_FORMAT').choices(AUDIT_FORMATS).default('table'),
  ...followOptions(),
  option('--json', 'the same as --format json', 'JSON'),
  option('--top <n>', 'list so many findings, 0 for all', 'TOP').argParser(wholeValue(0, 1e9)),
  option(
    '--fail-on <level>',
    `exit 1 if a finding is that bad or worse (${LEVELS.join(', ')})`,
    'AUDIT_FAIL_ON',
  ).argParser(levelValue),
  pagerOption(),
];

/** A level in any case. */
const levelValue = (text: string): Level => {
  const level = LEVELS.find((one) => one === text.toLowerCase());
  if (level === undefined) throw new InvalidArgumentError(suggestion(text, LEVELS));
  return level;
};
