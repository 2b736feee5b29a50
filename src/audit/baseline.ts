import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import type { Finding } from './finding.ts';
import { LEVELS, rankOf, type Level } from './level.ts';
import type { Notice } from './notice.ts';

/** What an earlier report said of a finding. */
export interface KnownFinding {
  readonly level: Level;
  readonly last_seen: string | null;
}

/** By the id of the finding. */
export type Baseline = ReadonlyMap<string, KnownFinding>;

export interface Compared {
  readonly findings: readonly Finding[];
  /** How many are not among them. */
  readonly known: number;
  readonly notices: readonly Notice[];
}

/**
 * Leaves out what the baseline has, at its level or a worse one. What goes on as it was stays
 * hidden, and a notice counts it; what got worse is shown.
 */
export const compareWith = (findings: readonly Finding[], baseline: Baseline): Compared => {
  let worse = 0;
  let lasting = 0;
  const kept = findings.filter(({ id, level, last_seen }) => {
    const known = baseline.get(id);
    if (known === undefined) return true;
    if (rankOf(level) > rankOf(known.level)) {
      worse++;
      return true;
    }
    if (timeOf(last_seen) > timeOf(known.last_seen)) lasting++;
    return false;
  });
  const notices: Notice[] = [];
  if (worse > 0) {
    const message = `${findingsText(worse)} of the baseline got worse since: shown`;
    notices.push({ code: 'baseline_worse', message, count: worse });
  }
  if (lasting > 0) {
    const message = `${findingsText(lasting)} of the baseline went on since, no worse: hidden`;
    notices.push({ code: 'baseline_lasting', message, count: lasting });
  }
  return { findings: kept, known: findings.length - kept.length, notices };
};

const findingsText = (count: number): string => (count === 1 ? '1 finding' : `${count} findings`);

/** Milliseconds, before all others where nobody knows. */
const timeOf = (time: string | null): number =>
  time === null ? Number.NEGATIVE_INFINITY : Date.parse(time);

/** The findings of earlier reports; of one that is told twice, the worst and the last counts. */
export const mergeBaselines = (parts: Iterable<readonly [string, KnownFinding]>): Baseline => {
  const merged = new Map<string, KnownFinding>();
  for (const [id, { level, last_seen }] of parts) {
    const other = merged.get(id) ?? { level, last_seen };
    merged.set(id, {
      level: rankOf(level) > rankOf(other.level) ? level : other.level,
      last_seen: timeOf(last_seen) > timeOf(other.last_seen) ? last_seen : other.last_seen,
    });
  }
  return merged;
};

/** The findings of an `authlog.findings/1` document or of its lines of NDJSON. Throws USAGE for anything else. */
export const readBaseline = function* (
  text: string,
  name: string,
): Generator<readonly [string, KnownFinding]> {
  const whole = parseJson(text);
  if (isObject(whole) && whole['schema'] !== undefined) {
    const { schema, findings } = whole;
    if (schema !== 'authlog.findings/1' || !Array.isArray(findings)) throw noReport(name, null);
    for (const finding of findings) yield knownOf(finding, name, null);
    return;
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') yield knownOf(parseJson(line), name, index + 1);
  }
};

const knownOf = (
  value: unknown,
  name: string,
  line: number | null,
): readonly [string, KnownFinding] => {
  if (isObject(value)) {
    const { id, level: word, last_seen: last } = value;
    const level = LEVELS.find((one) => one === word);
    if (typeof id === 'string' && level !== undefined && (last === null || isTime(last)))
      return [id, { level, last_seen: last }];
  }
  throw noReport(name, line);
};

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const noReport = (name: string, line: number | null): AuthlogError =>
  new AuthlogError(
    'USAGE',
    line === null
      ? `${printable(name)} is no report of findings`
      : `${printable(name)}:${line}: is no finding`,
    'Give --baseline what authlog audit --json or --format ndjson wrote.',
  );
