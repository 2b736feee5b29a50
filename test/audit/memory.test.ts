import { expect, test } from 'vitest';
import { exampleEvent } from '../../src/audit/examples.ts';
import { useOfEvent } from '../../src/audit/from-event.ts';
import { Recent } from '../../src/audit/recent.ts';
import type { ExampleEvent } from '../../src/audit/rule.ts';
import { Seen } from '../../src/audit/seen.ts';
import { isTokenUse, type TokenUse } from '../../src/audit/use.ts';
import { shortHashOf } from '../../src/event/text-hash.ts';

const ids = (start: number, number: number): readonly string[] =>
  Array.from({ length: number }, (_, i) => `token-${(start + i).toString(36).padStart(10, '.')}`);

const useOf = (event: ExampleEvent): TokenUse => {
  const use = useOfEvent(exampleEvent(event, 1));
  if (!isTokenUse(use)) throw new Error('an example without a token');
  return use;
};

test('what was seen is never taken for new', () => {
  const seen = new Seen();
  const known = ids(0, 100_000);
  for (const id of known) seen.add(shortHashOf(id));
  expect(known.every((id) => seen.has(shortHashOf(id)))).toBe(true);
  expect(known.some((id) => seen.add(shortHashOf(id)))).toBe(false);
});

test('what is new is seldom taken for seen', () => {
  const seen = new Seen();
  const added = ids(0, 1_000_000).filter((id) => seen.add(shortHashOf(id))).length;
  expect(added).toBeGreaterThan(998_000);
  const strangers = ids(5_000_000, 100_000).filter((id) => seen.has(shortHashOf(id))).length;
  expect(strangers).toBeLessThan(500);
});

test('the last use of a token is known to the minute, by its signature and its jti', () => {
  const recent = new Recent();
  const [first, second, third] = [0, 59, 60].map((at) =>
    useOf({ at, signature_id: 'signed', jti: 'numbered' }),
  );
  recent.add(first!);
  recent.add(second!);
  expect(recent.ofSignature('signed')).toBe(first);
  expect(recent.ofJti('numbered')).toBe(first);
  recent.add(third!);
  expect(recent.ofSignature('signed')).toBe(third);
  expect(recent.ofJti('numbered')).toBe(third);
  expect(recent.ofSignature('numbered')).toBeNull();
  expect(recent.ofJti('signed')).toBeNull();
});

test('tokens give way to later ones, and are never mistaken for them', () => {
  const recent = new Recent();
  const uses = ids(0, 100_000).map((id) =>
    useOf({ token_id: id, signature_id: id, jti: `number ${id}` }),
  );
  for (const use of uses) recent.add(use);
  for (const find of [
    ({ token }: TokenUse) => recent.ofSignature(token.signatureId!),
    ({ token }: TokenUse) => recent.ofJti(token.jti!),
  ]) {
    const kept = uses.filter((use) => find(use) !== null);
    expect(kept.every((use) => find(use) === use)).toBe(true);
    expect(kept.length).toBeGreaterThan(7500);
    expect(kept.length).toBeLessThanOrEqual(1 << 15);
  }
});
