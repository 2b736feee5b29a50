import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import { shownText } from '../verify/identity.ts';
import type { Revocation } from './revocation.ts';
import { Revocations } from './revocations.ts';

const MEMBERS = ['jti', 'subject', 'token_id', 'issued_before', 'issuer', 'revoked_at'];
const NAMING = ['jti', 'subject', 'token_id'] as const;
const TOKEN_ID = /^[A-Za-z0-9_-]{16}$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const SHAPE =
  'Each entry is {"jti": …}, {"subject": …}, {"token_id": …} or {"issued_before": time}; with "issuer" and "revoked_at", a subject also with "issued_before".';

/** The revocations of a JSON list or of JSON Lines; see `readRevocations`. */
export const parseRevocations = (text: string, name: string): Revocations => {
  const revocations = new Revocations();
  for (const entry of readRevocations(text, name)) revocations.add(entry);
  return revocations;
};

/**
 * The entries of a JSON list or of JSON Lines. Throws USAGE with the place of the entry that is
 * wrong: one that is left out would let its token pass.
 */
export const readRevocations = function* (text: string, name: string): Generator<Revocation> {
  if (text.trimStart().startsWith('[')) {
    const list = parseJson(text, printable(name));
    if (!Array.isArray(list)) throw wrong(printable(name), 'must be a list');
    for (const [index, item] of list.entries()) {
      yield readEntry(item as unknown, `${printable(name)}: entry ${index + 1}`);
    }
    return;
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `${printable(name)}: line ${index + 1}`;
    yield readEntry(parseJson(line, place), place);
  }
};

const wrong = (place: string, what: string): AuthlogError =>
  new AuthlogError('USAGE', `${place} ${what}`, SHAPE);

const parseJson = (text: string, place: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(place, 'is not JSON');
  }
};

const readEntry = (value: unknown, place: string): Revocation => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(place, 'must be an object');
  }
  const entry = value as Readonly<Record<string, unknown>>;
  for (const member of Object.keys(entry)) {
    if (!MEMBERS.includes(member))
      throw wrong(place, `has "${printable(member)}", which is not known`);
  }
  const issuer = entry['issuer'] === undefined ? null : textOf(entry['issuer'], place, 'issuer');
  const named = NAMING.filter((member) => entry[member] !== undefined);
  if (named.length > 1) throw wrong(place, `names a ${named.join(' and a ')}: one of them`);
  const kind = named[0] ?? 'everyone';
  const before = entry['issued_before'];
  if (before !== undefined && kind !== 'subject' && kind !== 'everyone') {
    throw wrong(place, `revokes one token: issued_before says nothing`);
  }
  const issuedBefore = before === undefined ? null : momentOf(before, place, 'an issued_before');
  const at = entry['revoked_at'];
  const revokedAt = at === undefined ? null : momentOf(at, place, 'a revoked_at');
  if (kind === 'everyone') {
    if (issuedBefore === null) throw wrong(place, 'names no token');
    return { kind, value: null, issuer, issuedBefore, revokedAt };
  }
  if (kind === 'subject') {
    return { kind, value: subjectOf(entry['subject'], place), issuer, issuedBefore, revokedAt };
  }
  const name = textOf(entry[kind], place, kind);
  if (kind === 'token_id') {
    if (!TOKEN_ID.test(name))
      throw wrong(place, 'has a token_id that is not 16 base64url characters');
    if (issuer !== null) throw wrong(place, 'revokes one token: issuer says nothing');
  }
  return { kind, value: name, issuer, issuedBefore, revokedAt };
};

// As claims are shown: a token inside a text has lost its signature there.
const textOf = (value: unknown, place: string, member: string): string => {
  if (typeof value !== 'string' || value === '')
    throw wrong(place, `must have a text as ${member}`);
  return shownText(value);
};

const subjectOf = (value: unknown, place: string): string | number => {
  if (typeof value !== 'number') return textOf(value, place, 'subject');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw wrong(place, 'has a subject too large to be exact: write it as a text');
  }
  return value;
};

/** RFC 3339 or seconds since the epoch → seconds. */
const momentOf = (value: unknown, place: string, member: string): number => {
  if (typeof value === 'number' && Number.isFinite(value)) {
    // Milliseconds by mistake would revoke every token there will ever be.
    if (value < 1e11) return value;
    throw wrong(place, `has ${member} that is no number of seconds`);
  }
  const moment = typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw wrong(place, `has ${member} that is no time: write 2026-11-20T08:00:00Z or seconds`);
  }
  return moment / 1000;
};
