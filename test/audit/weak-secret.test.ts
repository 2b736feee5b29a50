import { expect, test } from 'vitest';
import { replay } from '../../src/audit/examples.ts';
import type { Finding } from '../../src/audit/finding.ts';
import { weakSecret } from '../../src/audit/rules/al018-weak-secret.ts';
import { searchWeakSecrets } from '../../src/weak/search.ts';
import { tempFile } from '../support/folder.ts';
import { keyOf, ringOf, sampleOf } from '../weak/samples.ts';

const UNLISTED = 'Zk-unlisted-word';

const findings = async (
  search: Partial<Parameters<typeof searchWeakSecrets>[0]>,
): Promise<readonly Finding[]> => {
  const empty = { keys: null, samples: [], wordlists: [], threads: 1 };
  const weakSecrets = await searchWeakSecrets({ ...empty, ...search });
  return replay(weakSecret, { says: '', events: [{}], context: { weakSecrets } }).findings;
};

test('a configured secret: which, where it stands, how long it is, what it signed', async () => {
  const time = Date.UTC(2026, 10, 2, 12);
  const sample = sampleOf('secret_key', {}, { key: 'secret', line: 7, time });
  const [finding, ...others] = await findings({
    keys: ringOf(keyOf('secret_key')),
    samples: [sample],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    rule: 'AL018',
    level: 'critical',
    user_id: null,
    claimed_user_id: null,
    count: 1,
    first_seen: '2026-11-02T12:00:00.000Z',
    why:
      'the secret of key secret is number 2 of the secrets that manuals and tutorials show, ' +
      'and is 10 bytes long; HS256 needs at least 32 (RFC 7518 section 3.2)',
    evidence: [{ file: 'auth.log', line: 7, offset: 33, token_id: sample.id }],
  });
});

test('tokens of any key: which line of which list, how long it is, which key ids', async () => {
  const list = tempFile('words.txt', `a\n${UNLISTED}\nother-unlisted\n`);
  const found = await findings({
    samples: [
      sampleOf(UNLISTED, { kid: 'k1', sub: '1' }),
      sampleOf(UNLISTED, { sub: '2' }),
      sampleOf('other-unlisted', { kid: 'k3', sub: '3' }),
    ],
    wordlists: [list],
  });
  expect(found.map(({ why }) => why).toSorted()).toEqual([
    '2 sampled tokens were signed (key id k1, none) with a secret that is line 2 of words.txt; it has 16 bytes',
    'a token was signed (key id k3) with a secret that is line 3 of words.txt; it has 14 bytes',
  ]);
  expect(new Set(found.map(({ id }) => id)).size).toBe(2);
  expect(JSON.stringify(found)).not.toMatch(/unlisted/);
});

test('two secrets are two findings, and each keeps its id', async () => {
  const keys = ringOf(keyOf('secret'), keyOf('short but unlisted', { id: 'secret-2' }));
  const found = await findings({ keys });
  expect(found).toHaveLength(2);
  expect(found.map(({ count }) => count)).toEqual([1, 1]);
  const again = await findings({ keys });
  expect(again).toEqual(found);
});
