import type { ActiveRule } from '../audit/engine.ts';
import type { Rule, Threshold } from '../audit/rule.ts';
import type { Config, RuleSetting } from '../config/config.ts';
import { nearest, suggestion } from '../config/nearest.ts';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import type { RuleFlags } from './define/audit-flags.ts';
import { durationSeconds } from './values.ts';

/** The rules that are to run, in their order, with what was set for them. Throws USAGE for what no rule has. */
export const activeRules = async (
  config: Config,
  flags: Pick<RuleFlags, 'enable' | 'disable' | 'threshold'>,
  registry: readonly Rule[],
): Promise<readonly ActiveRule[]> => {
  const settings = settingsOf(config, registry);
  const enabled = flags.enable?.map((word) => ruleOf(word, registry, '--enable'));
  const disabled = (flags.disable ?? []).map((word) => ruleOf(word, registry, '--disable'));
  const typed = await typedThresholds(flags.threshold ?? [], registry);
  const rules: ActiveRule[] = [];
  for (const rule of registry) {
    const { name, setting } = settings.get(rule) ?? { name: rule.id, setting: {} };
    const thresholds = defaultsOf(rule);
    for (const [key, value] of Object.entries(setting.thresholds ?? {})) {
      const place = config.place(['rules', name, 'thresholds', key]);
      thresholds[key] = await thresholdOf(rule, key, value, place);
    }
    Object.assign(thresholds, typed.get(rule));
    const isOn = enabled?.includes(rule) ?? setting.enabled ?? true;
    if (!isOn || disabled.includes(rule)) continue;
    rules.push({ rule, level: setting.level ?? null, thresholds });
  }
  if (rules.length > 0) return rules;
  throw new AuthlogError('USAGE', 'no rule is left to run', `Known are ${idsOf(registry)}.`);
};

/** A rule by its id or name, in any case. Throws USAGE where there is none; `place` says where it was named. */
export const ruleOf = (word: string, registry: readonly Rule[], place: string): Rule => {
  const asked = word.toLowerCase();
  const rule = registry.find(({ id, name }) => asked === id.toLowerCase() || asked === name);
  if (rule !== undefined) return rule;
  const meant = nearest(
    word,
    registry.flatMap(({ id, name }) => [name, id]),
  );
  const guess = meant === null ? '' : `Did you mean ${meant}? `;
  throw new AuthlogError(
    'USAGE',
    `${place}: there is no rule ${printable(word)}`,
    `${guess}Known are ${idsOf(registry)}.`,
  );
};

const idsOf = (registry: readonly Rule[]): string => registry.map(({ id }) => id).join(', ');

const defaultsOf = ({ thresholds }: Rule): Record<string, number> =>
  Object.fromEntries(Object.entries(thresholds).map(([name, { value }]) => [name, value]));

interface Named {
  /** As the file calls the rule. */
  readonly name: string;
  readonly setting: RuleSetting;
}

const settingsOf = (config: Config, registry: readonly Rule[]): ReadonlyMap<Rule, Named> => {
  const settings = new Map<Rule, Named>();
  for (const [name, setting] of Object.entries(config.values.rules ?? {})) {
    const place = config.place(['rules', name]);
    const rule = ruleOf(name, registry, place);
    const other = settings.get(rule);
    if (other !== undefined) {
      throw new AuthlogError('USAGE', `${place}: ${printable(other.name)} is the same rule`);
    }
    settings.set(rule, { name, setting });
  }
  return settings;
};

/** `AL015.tokens=30`, also several in one text, for there is one environment variable. */
const typedThresholds = async (
  texts: readonly string[],
  registry: readonly Rule[],
): Promise<ReadonlyMap<Rule, Record<string, number>>> => {
  const typed = new Map<Rule, Record<string, number>>();
  for (const text of texts.flatMap((one) => one.split(/[\s,]+/)).filter((one) => one !== '')) {
    const [, word, name, value] = /^([^.=]+)\.([^.=]+)=(.+)$/.exec(text) ?? [];
    if (word === undefined || name === undefined || value === undefined) {
      throw new AuthlogError(
        'USAGE',
        `--threshold ${printable(text)} sets nothing`,
        'Give RULE.NAME=VALUE such as AL007.span=10m.',
      );
    }
    const rule = ruleOf(word, registry, '--threshold');
    const thresholds = typed.get(rule) ?? {};
    thresholds[name] = await thresholdOf(rule, name, value, `--threshold ${printable(text)}`);
    typed.set(rule, thresholds);
  }
  return typed;
};

const thresholdOf = async (
  rule: Rule,
  name: string,
  value: number | string,
  place: string,
): Promise<number> => {
  const known = Object.keys(rule.thresholds);
  if (!known.includes(name)) {
    const hint = known.length === 0 ? 'It has none.' : suggestion(name, known);
    throw new AuthlogError(
      'USAGE',
      `${place}: ${rule.id} has no threshold ${printable(name)}`,
      hint,
    );
  }
  const threshold = rule.thresholds[name]!;
  const number = await numberOf(value, threshold);
  if (number !== null) return number;
  throw new AuthlogError(
    'USAGE',
    `${place} must be ${ALLOWED[threshold.unit]}`,
    `It is ${threshold.means}; default: ${threshold.value}.`,
  );
};

const ALLOWED: Readonly<Record<Threshold['unit'], string>> = {
  count: 'a whole number from 1 on',
  seconds: 'a number of seconds or a duration such as 10m',
  'km/h': 'a number above 0',
};

const numberOf = async (value: number | string, { unit }: Threshold): Promise<number | null> => {
  if (unit === 'seconds') return await durationSeconds(value);
  const number = typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value) ? NaN : Number(value);
  if (!Number.isFinite(number)) return null;
  if (unit === 'count') return Number.isSafeInteger(number) && number >= 1 ? number : null;
  return number > 0 ? number : null;
};
