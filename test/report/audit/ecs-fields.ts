import { isIP } from 'node:net';
import { EcsFlat, EcsVersion } from '@elastic/ecs';
import type { Check } from './published.ts';

interface Field {
  readonly type: string;
  readonly normalize: readonly string[];
  readonly allowed_values?: readonly {
    readonly name: string;
    readonly expected_event_types?: readonly string[];
  }[];
}

const FIELDS = new Map(Object.entries(EcsFlat as unknown as Readonly<Record<string, Field>>));

export const PUBLISHED_VERSION: string = EcsVersion;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: (value) => typeof value === 'string',
  wildcard: (value) => typeof value === 'string',
  match_only_text: (value) => typeof value === 'string',
  long: (value) => Number.isSafeInteger(value),
  ip: (value) => typeof value === 'string' && isIP(value) !== 0 && !value.includes('%'),
  date: (value) => typeof value === 'string' && /^[-+\d]+-\d\d-\d\dT[\d:.]+Z$/.test(value),
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Leaves as dotted names; what is under `authlog` is ours. */
const leaves = function* (value: unknown, name: string): Generator<readonly [string, unknown]> {
  if (!isObject(value)) {
    yield [name, value];
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (name !== '' || key !== 'authlog') yield* leaves(item, name === '' ? key : `${name}.${key}`);
  }
};

/** What the published Elastic Common Schema has against a document. */
export const checkEcs: Check = (document) => {
  const found = new Map(leaves(document, ''));
  const errors: string[] = [];
  for (const [name, value] of found) {
    const field = FIELDS.get(name);
    if (field === undefined) {
      errors.push(`${name} is no field`);
      continue;
    }
    const { type, normalize, allowed_values: allowed } = field;
    if (normalize.includes('array') !== Array.isArray(value)) errors.push(`${name}: array or not`);
    for (const item of [value].flat()) {
      if (TYPES[type]?.(item) !== true) errors.push(`${name}: ${JSON.stringify(item)} as ${type}`);
      if (allowed !== undefined && !allowed.some((one) => one.name === item)) {
        errors.push(`${name}: ${JSON.stringify(item)} is not allowed`);
      }
    }
  }
  for (const name of ['@timestamp', 'ecs.version', 'event.kind']) {
    if (!found.has(name)) errors.push(`${name} is missing`);
  }
  const categories = FIELDS.get('event.category')?.allowed_values ?? [];
  for (const category of [found.get('event.category')].flat()) {
    const expected = categories.find((one) => one.name === category)?.expected_event_types ?? [];
    for (const type of [found.get('event.type')].flat()) {
      if (!expected.includes(String(type))) errors.push(`${String(category)} ${String(type)}`);
    }
  }
  return errors;
};
