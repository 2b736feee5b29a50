import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Level } from '../../src/audit/level.ts';
import type { Rule } from '../../src/audit/rule.ts';
import type { SigmaCorrelation, SigmaDetection } from '../../src/audit/sigma.ts';

/** When the texts were first published: a fixed day, so that the files stay as they are. */
const DATE = '2026-11-27';

/** The name space of our UUIDs, chosen by chance once. */
const NAMESPACE = '6f1f3f0e-7c1c-4b0a-9a54-2f1d0a8f9c37';

/** Units of a Sigma timespan in seconds, the longest first. */
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** Name of the file in `sigma/`. */
export const sigmaFile = ({ id, name }: Rule): string => `${id.toLowerCase()}-${name}.yml`;

/** The rule as a Sigma 2.1 file over `authlog events`; null where Sigma can't say it. */
export const sigmaText = (rule: Rule): string | null => {
  if ('none' in rule.sigma) return null;
  const { detection, correlation } = rule.sigma;
  const documents =
    correlation === undefined
      ? [detectionOf(rule, detection)]
      : [baseOf(rule, detection), correlationOf(rule, correlation)];
  const texts = documents.map((document) =>
    stringify(document, { lineWidth: 100, singleQuote: true, aliasDuplicateObjects: false }),
  );
  return `# Made by \`npm run rules\`: change src/audit/rules instead.\n${texts.join('---\n')}`;
};

/** Name-based UUID of version 5 (RFC 9562 section 5.5). */
export const uuidOf = (name: string): string => {
  const space = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');
  const bytes = createHash('sha1').update(space).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

type Document = Readonly<Record<string, unknown>>;

const LOGSOURCE = { product: 'authlog', service: 'events' };

const nameOf = ({ id, name }: Rule): string =>
  `authlog_${id.toLowerCase()}_${name.replaceAll('-', '_')}`;

const headOf = (rule: Rule): Document => ({
  title: rule.title,
  id: uuidOf(rule.id),
  name: nameOf(rule),
  status: 'test',
  description: `${rule.id}. ${rule.condition} ${rule.meaning}`,
  author: 'authlog',
  date: DATE,
});

const tailOf = (rule: Rule): Document => ({
  falsepositives: rule.falsePositives,
  level: sigmaLevel(rule.level),
  tags: rule.attack.map((technique) => `attack.${technique.toLowerCase()}`),
});

const detectionOf = (rule: Rule, detection: SigmaDetection): Document => ({
  ...headOf(rule),
  logsource: LOGSOURCE,
  detection,
  ...tailOf(rule),
});

/** The events that are counted; by itself such an event says nothing. */
const baseOf = (rule: Rule, detection: SigmaDetection): Document => ({
  title: `${rule.title}: event`,
  id: uuidOf(`${rule.id} event`),
  name: `${nameOf(rule)}_event`,
  status: 'test',
  description: `An event that ${rule.id} counts.`,
  author: 'authlog',
  date: DATE,
  logsource: LOGSOURCE,
  detection,
  level: 'informational',
});

const correlationOf = (rule: Rule, correlation: SigmaCorrelation): Document => {
  const { type, groupBy, timespan, gte, field } = correlation;
  return {
    ...headOf(rule),
    correlation: {
      type,
      rules: [`${nameOf(rule)}_event`],
      'group-by': groupBy,
      timespan: timespanOf(thresholdOf(rule, timespan)),
      condition: {
        gte: thresholdOf(rule, gte),
        ...(field === undefined ? {} : { field }),
      },
    },
    ...tailOf(rule),
  };
};

const thresholdOf = ({ id, thresholds }: Rule, name: string): number => {
  const threshold = thresholds[name];
  if (threshold === undefined) throw new Error(`${id} has no threshold ${name}`);
  return threshold.value;
};

const timespanOf = (seconds: number): string => {
  const [unit, size] = UNITS.find(([, long]) => seconds % long === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
};

const sigmaLevel = (level: Level): string => (level === 'info' ? 'informational' : level);
