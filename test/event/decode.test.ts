import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../src/event/decode.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import type { AuthEvent } from '../../src/event/event.ts';
import { createPseudonymizer } from '../../src/event/pseudonym.ts';
import { readInputLine } from '../../src/record/input-line.ts';
import { eventWith } from '../store/random-events.ts';

const TRAITS = {
  typ: 'at+jwt',
  header_params: ['jku', 'crit:exp'],
  scopes: ['orders:read', 'orders:write'],
  signature_id: 'Sig-_natureId0aZ',
} as const;

const read = (event: object): AuthEvent | null => decodeEvent(JSON.stringify(event))?.event ?? null;

const trait = fc.record(
  {
    typ: fc.string(),
    header_params: fc.array(fc.string(), { maxLength: 3 }),
    scopes: fc.array(fc.string(), { maxLength: 3 }),
    signature_id: fc.stringMatching(/^[\w-]{16}$/),
  },
  { requiredKeys: [] },
);

describe('members of an event that are left out where they tell nothing', () => {
  test('come back from a line as they were, in their place, and absent stays absent', () => {
    fc.assert(
      fc.property(trait, (traits) => {
        const event = { ...eventWith('a'), ...traits };
        const line = encodeEvent(event);
        const { event: found, more } = decodeEvent(line)!;
        expect(found).toEqual(event);
        expect(encodeEvent({ ...found, ...more })).toBe(line);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test('come after the members that every event has, whatever the order of the line', () => {
    const names = Object.keys(read({ ...TRAITS, latency_ms: 1, ...eventWith('a') })!);
    expect(names.slice(-5)).toEqual(['request_id', ...Object.keys(TRAITS)]);
  });

  test('null is absent', () => {
    const nulls = Object.fromEntries(Object.keys(TRAITS).map((name) => [name, null]));
    expect(read({ ...eventWith('a'), ...nulls })).toEqual(eventWith('a'));
  });

  test.each<[string, object]>([
    ['a typ that is no text', { typ: 1 }],
    ['a parameter that is no text', { header_params: ['jku', 1] }],
    ['scopes as one text', { scopes: 'orders:read' }],
    ['a signature in place of its id', { signature_id: 'A'.repeat(43) }],
    ['an id with other characters', { signature_id: 'A'.repeat(15).concat('+') }],
  ])('no event, and nothing to record, with %s', (_says, change) => {
    const event = { ...eventWith('a'), ...TRAITS, ...change };
    expect(read(event)).toBeNull();
    expect(() => readInputLine(Buffer.from(JSON.stringify(event)))).toThrow(/wrong member/);
  });

  test('a finished event is recorded with them', () => {
    const line = JSON.stringify({ ...eventWith('a'), ...TRAITS });
    expect(readInputLine(Buffer.from(line)).event).toEqual({ ...eventWith('a'), ...TRAITS });
    const plain = readInputLine(Buffer.from(JSON.stringify(eventWith('a')))).event;
    expect(plain).toEqual(eventWith('a'));
  });

  test('a token in one of them loses its signature', () => {
    const token = `eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9.${'B'.repeat(43)}`;
    const event = { ...eventWith('a'), typ: token, scopes: [token], header_params: [token] };
    const found = [read(event), readInputLine(Buffer.from(JSON.stringify(event))).event];
    for (const one of found) expect(JSON.stringify(one)).not.toContain('BBBBBBBB');
  });

  test('pseudonyms leave the id of a signature alone, and hide names in the others', () => {
    const hide = createPseudonymizer(Buffer.from('a key for tests, 32 bytes long..'));
    const user = { user_id: 'nature', user_id_type: 'string' as const };
    const hidden = hide({ ...eventWith('a', user), ...TRAITS, scopes: ['of:nature'] });
    expect(hidden).toMatchObject({ ...TRAITS, scopes: [`of:${String(hidden.user_id)}`] });
  });
});
