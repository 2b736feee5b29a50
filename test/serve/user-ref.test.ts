import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTarget } from '../../src/serve/target.ts';
import { readUserRef, userRefText } from '../../src/serve/user-ref.ts';
import { userPath } from '../../src/serve/user-link.ts';

test('every user has an address, and every address leads to its user', () => {
  const id = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom(
      '..',
      '.',
      '',
      '/',
      '%2e',
      '__proto__',
      'none',
      '\uD800',
      '\0',
      'json:"a"',
      '1e3',
    ),
  );
  fc.assert(
    fc.property(id, (userId) => {
      const ref = { userIdType: 'string', userId } as const;
      const path = userPath(ref, '')!;
      // As a browser would ask for it.
      expect(new URL(path, 'http://localhost').pathname).toBe(path);
      expect(readTarget(path).user()).toEqual(ref);
    }),
    { numRuns: 2000 },
  );
});

test('numbers are not texts, and one that is not exact stays what it was', () => {
  for (const userId of [1, 0, -7, 1.5, 1e300, '90071992547409931']) {
    const ref = { userIdType: 'number', userId } as const;
    expect(readUserRef(userRefText(ref))).toEqual(ref);
  }
  expect(readUserRef('string:1')).toEqual({ userIdType: 'string', userId: '1' });
  for (const userIdType of ['none', 'non_string'] as const) {
    expect(readUserRef(userIdType)).toEqual({ userIdType, userId: null });
  }
  for (const text of ['', 'ada', 'number:x', 'number:', 'other:1', 'json:1', 'string:\n']) {
    expect(readUserRef(text)).toBeNull();
  }
});
