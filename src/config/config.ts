import type { Level } from '../audit/level.ts';

/** What the file says of one rule. */
export interface RuleSetting {
  readonly enabled?: boolean;
  readonly level?: Level;
  /** A number (of seconds, for a span of time) or a duration such as `10m`. */
  readonly thresholds?: Readonly<Record<string, number | string>>;
}

export interface SuppressSetting {
  readonly rule?: string;
  readonly user_id?: string | number;
  readonly ip?: string;
  readonly token_id?: string;
  readonly finding?: string;
  readonly reason: string;
  readonly until: string;
}

/** What the file may say of a flag; several values for one that is repeatable or takes a list. */
export type FlagValue = string | number | boolean | readonly (string | number)[];

/** The members of the file; `schema/authlog.config-1.json` describes them. */
export interface ConfigValues {
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly suppress?: readonly SuppressSetting[];
  readonly issuers?: readonly string[];
  readonly audiences?: readonly string[];
  readonly one_time?: { readonly types?: readonly string[]; readonly paths?: readonly string[] };
  readonly trusted_proxies?: readonly string[];
  readonly known_networks?: readonly string[];
  readonly admin_users?: readonly (string | number)[];
  readonly privileged_roles?: readonly string[];
  readonly header_params?: readonly string[];
  readonly revocations?: string;
  readonly geoip?: string;
  readonly change_windows?: readonly { readonly from: string; readonly to: string }[];
  readonly lateness?: string | number;
  readonly learn?: string | number;
  /** Defaults of flags: of every command, and of one. */
  readonly flags?: Readonly<Record<string, FlagValue>>;
  readonly commands?: Readonly<Record<string, Readonly<Record<string, FlagValue>>>>;
}

/** Names and places in lists that lead to a value: `['suppress', 0, 'until']`. */
export type Path = readonly (string | number)[];

/** A file whose shape is right. */
export interface Config {
  /** Null: there is none. */
  readonly file: string | null;
  /** Absolute. */
  readonly path: string | null;
  readonly values: ConfigValues;
  /** Where the value stands, for messages: `authlog.config.yaml:12: suppress[0].until`. */
  place(path: Path): string;
}

export const NO_CONFIG: Config = {
  file: null,
  path: null,
  values: {},
  place: () => 'the configuration',
};

/** `suppress[0].until` */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
