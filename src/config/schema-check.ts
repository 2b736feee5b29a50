import type { ErrorObject } from 'ajv';
import { validate } from '../../schema/authlog.config-1.json?validator';
import { pathText, type Path } from './config.ts';
import { suggestion } from './nearest.ts';

/** One thing that the schema does not allow. */
export interface Fault {
  readonly path: Path;
  /** The end of a sentence about the value: `must be true or false`. */
  readonly what: string;
  readonly hint: string | null;
}

/** What is wrong with the value of a configuration file; nothing where it is right. */
export const faultsOf = (value: unknown): readonly Fault[] => {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  // Each branch of a choice complains too; the choice itself says all.
  return errors
    .filter(({ schemaPath }) => !/\/anyOf\/\d/.test(schemaPath))
    .map((error) => faultOf(error));
};

interface Part {
  readonly title?: string;
  readonly properties?: object;
}

const faultOf = ({ instancePath, keyword, params, parentSchema, data }: ErrorObject): Fault => {
  const path = pathOf(instancePath);
  const { title, properties = {} } = (parentSchema ?? {}) as Part;
  const values = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(values['additionalProperty']);
      const known = Object.keys(properties).filter((one) => one !== '$schema');
      return { path: [...path, name], what: 'is not known', hint: suggestion(name, known) };
    }
    case 'required': {
      const name = String(values['missingProperty']);
      return { path: [...path, name], what: 'is missing', hint: null };
    }
    case 'enum': {
      const allowed = (values['allowedValues'] as readonly unknown[]).map(String);
      const hint = typeof data === 'string' ? suggestion(data, allowed) : null;
      return { path, what: `must be one of ${allowed.join(', ')}`, hint };
    }
    case 'maxItems':
      return { path, what: `has more than ${String(values['limit'])} entries`, hint: null };
    default: {
      // The whole has the name of the schema for a title.
      const what = path.length === 0 ? undefined : title;
      return { path, what: `must be ${what ?? typeText(values['type'])}`, hint: null };
    }
  }
};

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

const typeText = (type: unknown): string => TYPES[String(type)] ?? 'something else';

/** A JSON pointer (RFC 6901) as names and places in lists. */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      return /^\d+$/.test(name) ? Number(name) : name;
    });

/** Where the fault is and what it is: `suppress[0].until is missing`. */
export const sentenceOf = ({ path, what }: Fault): string => {
  const where = pathText(path);
  return where === '' ? what : `${where} ${what}`;
};
