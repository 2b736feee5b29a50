import { createNetworks, type Networks } from '../audit/network.ts';
import type { Rule } from '../audit/rule.ts';
import type { Suppression } from '../audit/suppress.ts';
import type { Config, Path } from '../config/config.ts';
import { AuthlogError } from '../errors.ts';
import { ruleOf } from './active-rules.ts';
import { durationSeconds } from './values.ts';

const DAY_MS = 86_400_000;

/** The suppressions of the file, each with the place that it stands at. */
export const suppressionsOf = (config: Config, registry: readonly Rule[]): readonly Suppression[] =>
  (config.values.suppress ?? []).map((one, index) => {
    const path = ['suppress', index];
    const { rule, ip } = one;
    const place = config.place([...path, 'rule']);
    return {
      place: config.place(path),
      rule: rule === undefined ? null : ruleOf(rule, registry, place).id,
      userId: one.user_id ?? null,
      networks: ip === undefined ? null : createNetworks([ip], config.place([...path, 'ip'])),
      tokenId: one.token_id ?? null,
      finding: one.finding ?? null,
      reason: one.reason,
      until: momentOf(one.until, config, [...path, 'until']).end,
    };
  });

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds; the last day of a span belongs to it. */
export const changeWindowsOf = (config: Config): readonly Span[] =>
  (config.values.change_windows ?? []).map((one, index) => {
    const path = ['change_windows', index];
    const { start: from } = momentOf(one.from, config, [...path, 'from']);
    const { end: to } = momentOf(one.to, config, [...path, 'to']);
    if (from < to) return { from, to };
    throw new AuthlogError('USAGE', `${config.place([...path, 'to'])} must be after from`);
  });

/** The networks of a member of the file; an error names the one that is wrong. */
export const networksOf = (
  config: Config,
  member: 'trusted_proxies' | 'known_networks',
): Networks => {
  const networks = config.values[member] ?? [];
  for (const [index, network] of networks.entries()) {
    createNetworks([network], config.place([member, index]));
  }
  return createNetworks(networks, member);
};

/** A duration of the file in milliseconds; null where there is none. */
export const durationOf = async (
  config: Config,
  member: 'lateness' | 'learn',
): Promise<number | null> => {
  const value = config.values[member];
  return value === undefined ? null : (await durationSeconds(value))! * 1000;
};

/** Milliseconds: of a date both ends of its day in UTC, of a time the moment itself. */
const momentOf = (
  text: string,
  config: Config,
  path: Path,
): { readonly start: number; readonly end: number } => {
  const date = text.slice(0, 10);
  const day = Date.parse(`${date}T00:00:00Z`);
  // The language takes 30 February for 2 March.
  const isDate = !Number.isNaN(day) && new Date(day).toISOString().startsWith(date);
  const moment = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw new AuthlogError('USAGE', `${config.place(path)} is no day or time that there is`);
  }
  return { start: moment, end: text === date ? day + DAY_MS : moment };
};
