import { basename } from 'node:path';
import { RULES } from '../../audit/rules/index.ts';
import type { Config } from '../../config/config.ts';
import { configFolders } from '../../config/find-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { escapeText } from '../../report/escape.ts';
import { settingsBy, type AuditSettings } from '../audit-settings.ts';
import type { ConfigCheckFlags } from '../define/config.ts';
import type { Host } from '../host.ts';
import { checkFlags } from '../config-flags.ts';
import { readMoment } from '../moment.ts';
import { streamSink } from '../write.ts';

/** `authlog config check`: 0 for a configuration that `audit` takes, or none; else it throws USAGE. */
export const runConfigCheck = async (
  file: string | null,
  flags: ConfigCheckFlags,
  host: Host,
): Promise<number> => {
  const place = { cwd: host.cwd(), env: host.env };
  const config = await loadConfig(file, place);
  const clock = Date.now();
  const now = flags.now === undefined ? clock : await readMoment('--now', flags.now, clock, 'UTC');
  if (config.path !== null) await checkFlags(config.path, host);
  const settings = await settingsBy(config, { level: 'info' }, RULES, { now }, host.cwd());
  const rows =
    config.file === null
      ? [
          [
            'no configuration',
            file === '-' ? '' : `looked in ${configFolders(place).join(', ')}`,
          ] as const,
        ]
      : [[config.file, 'is right'] as const, ...rowsOf(config, settings)];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const sink = streamSink(host.stdout, 'standard output');
  await sink.write(
    rows.map(([name, value]) => `${escapeText(name).padEnd(width)}${escapeText(value)}\n`).join(''),
  );
  await sink.close();
  return 0;
};

type Row = readonly [name: string, value: string];

const rowsOf = ({ values }: Config, settings: AuditSettings): readonly Row[] => {
  const rows: Row[] = [['rules', rulesText(settings)]];
  const { suppressions, now } = settings.selection;
  const ended = suppressions.filter(({ until }) => until <= now).length;
  if (suppressions.length > 0) {
    rows.push(['suppress', `${suppressions.length}${ended === 0 ? '' : `, ${ended} ended`}`]);
  }
  for (const [name, value] of Object.entries(values)) {
    if (name === 'rules' || name === 'suppress' || name === '$schema') continue;
    rows.push([name, valueText(name, value, settings)]);
  }
  for (const { message } of settings.notices) rows.push(['note', message]);
  return rows;
};

const rulesText = ({ rules }: AuditSettings): string => {
  const changed = rules.filter(
    ({ rule, level, thresholds }) =>
      level !== null ||
      Object.entries(rule.thresholds).some(([name, { value }]) => thresholds[name] !== value),
  );
  const off = RULES.filter((rule) => rules.every((one) => one.rule !== rule));
  const words = [
    ...(changed.length > 0 ? [`changed: ${changed.map(({ rule }) => rule.id).join(' ')}`] : []),
    ...(off.length > 0 ? [`off: ${off.map(({ id }) => id).join(' ')}`] : []),
  ];
  return words.length === 0 ? 'all, as they come' : words.join(', ');
};

const valueText = (name: string, value: unknown, settings: AuditSettings): string => {
  if (name === 'revocations') {
    return `${basename(String(value))}, ${settings.revocations?.size ?? 0} entries`;
  }
  if (name === 'geoip') {
    const { type, built } = settings.geoip!;
    const date = Number.isNaN(built) ? '' : ` of ${new Date(built).toISOString().slice(0, 10)}`;
    return `${basename(String(value))}, ${type}${date}`;
  }
  if (name === 'flags' || name === 'commands') return Object.keys(value as object).join(' ');
  if (Array.isArray(value)) return String(value.length);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([part, list]) => `${part} ${(list as readonly unknown[]).length}`)
      .join(', ');
  }
  return String(value);
};
