import { resolve } from 'node:path';
import type { ReadOptions } from '../analyze.ts';
import { PRIVILEGED_ROLES, type AuditContext } from '../audit/context.ts';
import type { ActiveRule } from '../audit/engine.ts';
import type { GeoIp } from '../audit/geoip.ts';
import { createNetworks, type Networks } from '../audit/network.ts';
import type { Rule } from '../audit/rule.ts';
import { RULES } from '../audit/rules/index.ts';
import type { Selection } from '../audit/select.ts';
import type { Notice } from '../audit/notice.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { RevocationTimes } from '../revocation/revocation-times.ts';
import { activeRules } from './active-rules.ts';
import { changeWindowsOf, durationOf, networksOf, suppressionsOf } from './config-values.ts';
import type { RuleFlags } from './define/audit-flags.ts';
import type { Host } from './host.ts';
import { baselineOf, geoipNotices, geoipOf, revocationsOf } from './named-files.ts';
import { secondsOf, wordsOf } from './values.ts';

/** How an audit is to be done: flags and configuration made sense of. */
export interface AuditSettings {
  readonly rules: readonly ActiveRule[];
  /** All but what reading the logs and their keys brings. */
  readonly context: Omit<AuditContext, 'weakSecrets' | 'files' | 'brokenChains'>;
  /** For `selectFindings`. */
  readonly selection: Selection;
  /** As text, for threads, and as one thing to ask (`clientAddress`). */
  readonly proxies: readonly string[];
  readonly trustedProxies: Networks;
  /** Milliseconds. */
  readonly lateness: number;
  /** Milliseconds, null where nothing is to be learnt first. */
  readonly learn: number | null;
  readonly wordlists: readonly string[];
  readonly revocations: RevocationTimes | null;
  readonly geoip: GeoIp | null;
  /** The configuration as messages call it, null for none. */
  readonly configFile: string | null;
  readonly notices: readonly Notice[];
}

/** What the flags of every reading command already decided. */
export type AuditBase = Pick<ReadOptions, 'now' | 'leeway' | 'issuers' | 'audiences'>;

const LATENESS = 60_000;

/** What to run and with what, by the flags and the configuration. Throws USAGE for what can't be meant. */
export const resolveAuditSettings = async (
  flags: RuleFlags,
  base: AuditBase,
  host: Pick<Host, 'cwd' | 'env'>,
): Promise<AuditSettings> => {
  const cwd = host.cwd();
  const config = await loadConfig(flags.config ?? null, { cwd, env: host.env });
  return await settingsBy(config, flags, RULES, base, cwd);
};

/** The same by a configuration that was read; opens the files that it names. */
export const settingsBy = async (
  config: Config,
  flags: RuleFlags,
  registry: readonly Rule[],
  base: AuditBase,
  cwd: string,
): Promise<AuditSettings> => {
  const { values } = config;
  const { now } = base;
  const typed = flags.trustedProxy === undefined ? null : wordsOf(flags.trustedProxy);
  const proxies = typed ?? values.trusted_proxies ?? [];
  const ofFile = networksOf(config, 'trusted_proxies');
  const geoip = await geoipOf(values.geoip, cwd);
  const revocations = await revocationsOf(values.revocations, cwd);
  return {
    rules: await activeRules(config, flags, registry),
    context: {
      now,
      leeway: base.leeway ?? 0,
      issuers: base.issuers ?? values.issuers ?? null,
      audiences: base.audiences ?? values.audiences ?? null,
      oneTimeTypes: values.one_time?.types ?? [],
      oneTimePaths: values.one_time?.paths ?? [],
      knownNetworks: networksOf(config, 'known_networks'),
      adminUsers: new Set([...(values.admin_users ?? []), ...(flags.adminUser ?? [])].map(String)),
      privilegedRoles: new Set(values.privileged_roles ?? PRIVILEGED_ROLES),
      headerParams: new Set(values.header_params ?? []),
      revoked: revocations,
      locate: geoip?.locate ?? null,
      changeWindows: changeWindowsOf(config),
    },
    selection: {
      suppressions: suppressionsOf(config, registry),
      baseline: await baselineOf(flags.baseline, cwd),
      level: flags.level,
      now,
    },
    proxies,
    trustedProxies:
      flags.trustedProxy === undefined ? ofFile : createNetworks(proxies, '--trusted-proxy'),
    lateness:
      (await typedDuration(flags.lateness)) ?? (await durationOf(config, 'lateness')) ?? LATENESS,
    learn: (await typedDuration(flags.learn)) ?? (await durationOf(config, 'learn')),
    wordlists: (flags.wordlist ?? []).map((path) => resolve(cwd, path)),
    revocations,
    geoip,
    configFile: config.file,
    notices: geoip === null ? [] : geoipNotices(geoip, values.geoip!),
  };
};

/** Milliseconds. */
const typedDuration = async (text: string | undefined): Promise<number | null> =>
  text === undefined ? null : (await secondsOf(text)) * 1000;
