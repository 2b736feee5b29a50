import { EVENT_SCHEMA, type TokenTraits } from '../event/event.ts';
import { NO_TOKEN } from '../event/token.ts';
import { maskTokens } from '../source/fields/mask.ts';
import { VERDICTS } from '../verify/verdict.ts';
import { maskFields } from './access.ts';
import type { RecordedEvent } from './event-log.ts';
import { badInput, fieldsOf, shownName } from './input-access.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTokenId: Check = (value) => isText(value) && /^[\w-]{16}$/.test(value as string);
const isNumberOrText: Check = (value) => isNumber(value) || isText(value);

const MOMENT = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const USER_ID_TYPES = ['string', 'number', 'none', 'non_string', 'other'];

/** Members in the order in which events have them, and what each may hold beside null. */
const MEMBERS: readonly (readonly [keyof RecordedEvent, Check])[] = [
  ['time', (value) => isText(value) && MOMENT.test(value as string)],
  ['file', isText],
  ['line', (value) => isCount(value) && value !== 0],
  ['offset', isCount],
  ['verdict', (value) => (VERDICTS as readonly unknown[]).includes(value)],
  ['reason', isText],
  ['token_id', isTokenId],
  ['alg', isText],
  ['kid', isText],
  ['key', isText],
  ['user_id', isNumberOrText],
  ['user_id_type', (value) => USER_ID_TYPES.includes(value as string)],
  ['email', isText],
  ['roles', isTexts],
  ['iss', isText],
  ['aud', (value) => isText(value) || isTexts(value)],
  ['jti', isText],
  ['iat', isNumberOrText],
  ['nbf', isNumberOrText],
  ['exp', isNumberOrText],
  ['lifetime_s', isNumberOrText],
  ['expired_by_s', isNumberOrText],
  ['event', isText],
  ['ip', isText],
  ['user_agent', isText],
  ['method', isText],
  ['path', isText],
  ['status', (value) => Number.isSafeInteger(value)],
  ['request_id', isText],
];

/** Members that are left out where they tell nothing. */
const TRAITS: readonly (readonly [keyof RecordedEvent, Check])[] = [
  ['typ', isText],
  ['header_params', isTexts],
  ['scopes', isTexts],
  ['signature_id', isTokenId],
];

const FREE = new Set<string>(['event', 'ip', 'user_agent', 'method', 'path', 'request_id']);

/**
 * A finished event, its `event_id` kept, so that to record it twice does no harm. What a log adds
 * (`writer`, `seq`, `prev`, `hash`) is that log's own, and left out.
 */
export const readEvent = (members: ReadonlyMap<string, unknown>): RecordedEvent => {
  const id = members.get('event_id');
  if (typeof id !== 'string' || id === '') throw badInput('is an event without an event_id');
  const known = MEMBERS.map(([name, isAllowed]): [string, unknown] => {
    const value = members.get(name) ?? null;
    if (value === null) return [name, name in NO_TOKEN ? NO_TOKEN[name as 'verdict'] : null];
    if (!isAllowed(value)) throw badInput(`is an event with a wrong member: ${shownName(name)}`);
    return [name, FREE.has(name) ? maskTokens(value as string) : value];
  });
  const traits = TRAITS.flatMap(([name, isAllowed]): [string, unknown][] => {
    const value = members.get(name) ?? null;
    if (value === null) return [];
    if (!isAllowed(value)) throw badInput(`is an event with a wrong member: ${shownName(name)}`);
    return [[name, withoutTokens(value)]];
  });
  const latency = members.get('latency_ms') ?? null;
  const fields = members.get('fields') ?? null;
  if (latency !== null && !(isNumber(latency) && (latency as number) >= 0)) {
    throw badInput('is an event with a wrong member: latency_ms');
  }
  return {
    schema: EVENT_SCHEMA,
    event_id: maskTokens(id),
    ...(Object.fromEntries(known) as Omit<RecordedEvent, 'schema' | 'event_id'>),
    ...(Object.fromEntries(traits) as TokenTraits),
    ...(latency !== null && { latency_ms: latency as number }),
    ...(fields !== null && { fields: maskFields(Object.fromEntries(fieldsOf(fields))) }),
  };
};

const withoutTokens = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(withoutTokens) : maskTokens(value as string);
