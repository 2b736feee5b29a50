import { describe, expect, test } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import type { KeyRing } from '../../src/keys/key.ts';
import { nodeKeyIo } from '../../src/keys/io.ts';
import { loadKeyRing, type KeyOptions } from '../../src/keys/ring.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { Spans } from '../../src/scan/spans.ts';
import { verdictAt, type Judgement } from '../../src/verify/judgement.ts';
import { DEFAULT_USER_CLAIMS, type Policy } from '../../src/verify/policy.ts';
import { Verifier } from '../../src/verify/verifier.ts';
import { NO_KEYS } from '../keys/memory-io.ts';
import { privateFile } from '../support/judged.ts';
import { NOW } from '../support/tokens.ts';
import { areMissing, readVector } from './folder.ts';

interface Case {
  readonly id: string;
  readonly token: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly expectSig: 'valid' | 'invalid';
  readonly expectToken: 'valid' | 'expired' | 'invalid-claims' | 'invalid';
  readonly note?: string;
}

const isMissing = areMissing();
const cases = isMissing ? [] : (JSON.parse(readVector('cases.json')) as Case[]);

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
const POLICY: Policy = {
  clock: 'now',
  now: Date.parse(NOW),
  leeway: 0,
  issuers: null,
  audiences: null,
  userClaims: DEFAULT_USER_CLAIMS,
  allowPadding: false,
  maxToken: 64 << 10,
};

/** The ring of a case's key; null where the key is one that must not verify tokens. */
const ringOf = async ({ key }: Case): Promise<KeyRing | null> => {
  const { jwk, pem, ssh, pemOrSsh, secret, secretHex } = key;
  const own: KeyOptions =
    typeof secret === 'string'
      ? { ...NO_KEYS, secretFiles: [privateFile('secret', secret)] }
      : typeof secretHex === 'string'
        ? { ...NO_KEYS, secretFiles: [privateFile('secret', Buffer.from(secretHex, 'hex'))] }
        : { ...NO_KEYS, keyFiles: [privateFile('key', keyText(jwk, pem ?? ssh ?? pemOrSsh))] };
  try {
    return await loadKeyRing(own, nodeKeyIo({}, POLICY.now / 1000));
  } catch (error) {
    if (error instanceof AuthlogError && error.code === 'KEY') return null;
    throw error;
  }
};

const keyText = (jwk: unknown, text: unknown): string => {
  if (typeof text === 'string') return text;
  const { keys } = jwk as { keys?: readonly object[] };
  const bare = (one: object): object =>
    'k' in one
      ? one
      : Object.fromEntries(Object.entries(one).filter(([name]) => !PRIVATE_MEMBERS.includes(name)));
  return JSON.stringify(keys === undefined ? bare(jwk as object) : { keys: keys.map(bare) });
};

/** How the whole string is judged, as if `--pattern` had named it. */
const judge = async (token: string, ring: KeyRing): Promise<Judgement | null> => {
  const bytes = Buffer.from(token, 'utf8');
  const spans = new Spans();
  new Scanner(POLICY.maxToken).addNamed(bytes, 0, bytes.length, spans);
  // Less than the whole string is another token than the one of the case.
  if (spans.count !== 1 || spans.end[0] !== bytes.length) return null;
  const judgements: Judgement[] = [];
  new Verifier(ring, POLICY).judge(bytes, spans, judgements);
  return judgements[0]!;
};

describe.skipIf(isMissing)('published tokens, one by one', () => {
  test.each(cases)('$id', async (one) => {
    const ring = await ringOf(one);
    const judgement = ring === null ? null : await judge(one.token, ring);
    if (judgement === null) {
      expect(one.expectSig).toBe('invalid');
      return;
    }
    const isVerified = judgement.key !== null;
    const verdict = verdictAt(judgement, POLICY.now, 0);
    const { expectSig, expectToken } = one;
    if (expectToken === 'valid' || expectToken === 'expired') {
      expect([isVerified, verdict]).toEqual([true, expectToken]);
    } else if (expectToken === 'invalid-claims') {
      // Claims are read before the signature is looked at.
      expect([isVerified, verdict]).toEqual([false, 'malformed']);
      expect(judgement.reason).toMatch(/^(?:payload|claim)_/);
    } else {
      expect(isVerified).toBe(false);
      expect(verdict).not.toBe('valid');
    }
    if (expectSig === 'invalid') expect(isVerified).toBe(false);
  });

  test('there are as many as there should be, and keys that must not verify are few', async () => {
    expect(cases).toHaveLength(152);
    const refused: string[] = [];
    for (const one of cases) if ((await ringOf(one)) === null) refused.push(one.id);
    expect(refused.length).toBeLessThan(12);
    expect(cases.filter(({ expectSig }) => expectSig === 'valid')).toHaveLength(63);
  });
});
