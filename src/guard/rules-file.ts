import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import { loosen } from './path.ts';
import { Rules, type Rule } from './rules.ts';

const METHOD = /^[A-Z][A-Z-]{0,31}$/;
/** RFC 6749 section 3.3: nothing that a quoted string would have to escape. */
const SCOPE = /^[!#-[\]-~]{1,128}$/;
const MOST_RULES = 10_000;
const MOST_NAMES = 64;

/**
 * The rules of a JSON text `{ "rules": […], "default": "token" | "deny" }`. Throws USAGE with
 * the place of the member that is wrong; `name` is the file as the message calls it.
 */
export const parseRules = (text: string, name: string): Rules => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AuthlogError('USAGE', `${printable(name)} is not JSON`, SHAPE);
  }
  return createRules(value, name);
};

const SHAPE =
  'Write {"rules": [{"path": "/admin", "roles": ["admin"]}]}; a rule has path, methods, scopes, roles or public.';

/** The rules of a parsed file; see `parseRules`. */
export const createRules = (value: unknown, name = 'the rules'): Rules => {
  const read = new Reader(name);
  const top = read.members(value, '', ['rules', 'default']);
  const otherwise = top['default'] ?? 'token';
  if (otherwise !== 'token' && otherwise !== 'deny') {
    throw read.wrong('default', 'must be "token" or "deny"');
  }
  const list = top['rules'];
  if (!Array.isArray(list)) throw read.wrong('rules', 'must be a list');
  if (list.length > MOST_RULES) throw read.wrong('rules', `has more than ${MOST_RULES} entries`);
  const rules = list.map((item: unknown, index) => read.rule(item, `rules[${index}]`));
  return new Rules(rules, otherwise);
};

class Reader {
  readonly #name: string;
  /** Paths and methods that have a rule, and where. */
  readonly #taken = new Map<string, string>();

  constructor(name: string) {
    this.#name = printable(name);
  }

  wrong(place: string, what: string): AuthlogError {
    const where = place === '' ? this.#name : `${this.#name}: ${printable(place)}`;
    return new AuthlogError('USAGE', `${where} ${what}`, SHAPE);
  }

  members(value: unknown, place: string, known: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.wrong(place, 'must be an object');
    }
    for (const member of Object.keys(value)) {
      const at = place === '' ? member : `${place}.${member}`;
      // A misspelt requirement would require nothing.
      if (!known.includes(member)) throw this.wrong(at, 'is not known');
    }
    return value as Record<string, unknown>;
  }

  rule(value: unknown, place: string): Rule {
    const member = this.members(value, place, ['path', 'methods', 'scopes', 'roles', 'public']);
    const path = this.#path(member['path'], `${place}.path`);
    const scopes = this.#names(member['scopes'], `${place}.scopes`, SCOPE) ?? [];
    const roles = this.#names(member['roles'], `${place}.roles`, /^.{1,256}$/su) ?? [];
    const methods = this.#names(member['methods'], `${place}.methods`, METHOD);
    const isPublic = member['public'] ?? false;
    if (typeof isPublic !== 'boolean') throw this.wrong(`${place}.public`, 'must be true or false');
    if (isPublic && scopes.length + roles.length > 0) {
      throw this.wrong(`${place}.public`, 'excludes scopes and roles');
    }
    for (const method of methods ?? ['']) {
      const key = `${method} ${path.join('/')}`;
      const other = this.#taken.get(key);
      if (other !== undefined) throw this.wrong(place, `has path and method of ${other}`);
      this.#taken.set(key, place);
    }
    return { path, methods: methods === null ? null : new Set(methods), scopes, roles, isPublic };
  }

  /** Decoded segments, as requests are compared: `/a b` and not `/a%20b`. */
  #path(value: unknown, place: string): readonly string[] {
    if (typeof value !== 'string' || !value.startsWith('/')) {
      throw this.wrong(place, 'must be a text that starts with /');
    }
    // oxlint-disable-next-line no-control-regex
    if (value.length > 2048 || /[\u0000-\u001F\u007F-\u009F\\?#%;]/.test(value)) {
      throw this.wrong(place, 'must be at most 2048 characters, not encoded, without \\ ? # % ;');
    }
    const segments = value.slice(1).split('/');
    if (segments.at(-1) === '') segments.pop();
    for (const segment of segments) {
      const loose = loosen(segment);
      if (loose === null || loose === '') {
        throw this.wrong(place, 'must not have empty segments or segments of dots');
      }
    }
    return segments;
  }

  #names(value: unknown, place: string, pattern: RegExp): readonly string[] | null {
    if (value === undefined) return null;
    if (!Array.isArray(value) || value.length === 0 || value.length > MOST_NAMES) {
      throw this.wrong(place, `must be a list of 1 to ${MOST_NAMES} texts`);
    }
    return value.map((item: unknown, index) => {
      if (typeof item === 'string' && pattern.test(item)) return item;
      throw this.wrong(`${place}[${index}]`, 'is not a name that a request can have');
    });
  }
}
