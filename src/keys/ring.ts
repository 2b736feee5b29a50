import { AuthlogError } from '../errors.ts';
import { readAlgList, SIGNATURE_ALGS } from './algs.ts';
import { unusedNotice } from './candidate.ts';
import type { Candidate, CandidateKey } from './candidate.ts';
import { nodeKeyIo, type KeyIo } from './io.ts';
import type { KeyNotice, KeyRing, VerificationKey } from './key.ts';
import { printable } from './printable.ts';
import { weakSecretNotice } from './secret.ts';
import { TRIED_AT_MOST } from './select.ts';
import { readSources } from './sources.ts';
import type { KeyOptions } from './sources.ts';

export type { KeyIo } from './io.ts';
export type { KeyOptions } from './sources.ts';

/** Equal for two keys that would judge every token alike. Held only while the ring is made: it may be a secret. */
const identityOf = (key: CandidateKey): string => {
  const secret = key.secret === null ? null : Buffer.from(key.secret).toString('hex');
  const { n, e, crv, x, y } = key.jwk ?? {};
  const numbers = [key.kty, secret, n, e, crv, x, y];
  return JSON.stringify([numbers, key.kid, key.algs, key.notBefore, key.notAfter]);
};

/** Keeps a key given twice once; throws KEY where one `kid` names two keys that differ. */
const withoutDuplicates = (candidates: readonly Candidate[]): Candidate[] => {
  const byIdentity = new Map<string, Candidate>();
  const kids = new Set<string>();
  for (const candidate of candidates) {
    const identity = identityOf(candidate.key);
    const { kid } = candidate.key;
    if (byIdentity.has(identity)) continue;
    if (kid !== null && kids.has(kid)) {
      const message = `the key id "${printable(kid)}" is ambiguous: it names two different keys`;
      throw new AuthlogError('KEY', message, `${candidate.name} is the second of them`);
    }
    if (kid !== null) kids.add(kid);
    byIdentity.set(identity, candidate);
  }
  return [...byIdentity.values()];
};

/** The keys with the algorithms that the allow-list leaves them; throws KEY where it leaves no key any. */
const restrict = (
  candidates: readonly Candidate[],
  allowed: ReadonlySet<string> | null,
  notices: KeyNotice[],
): readonly Candidate[] => {
  if (allowed === null) return candidates;
  const left: Candidate[] = [];
  for (const { name, key } of candidates) {
    const algs = key.algs.filter((alg) => allowed.has(alg));
    if (algs.length > 0) left.push({ name, key: { ...key, algs } });
    else notices.push(unusedNotice(name, 'verifies none of the allowed algorithms'));
  }
  if (left.length > 0) return left;
  const could = [...new Set(candidates.flatMap(({ key }) => key.algs))].join(', ');
  const message = `no key given verifies ${[...allowed].join(', ')}`;
  throw new AuthlogError('KEY', message, `the keys given can verify ${could}`);
};

const nameKeys = async (keys: readonly CandidateKey[]): Promise<VerificationKey[]> => {
  const taken = new Set<string>(keys.map(({ kid }) => kid ?? ''));
  const unique = (base: string): string => {
    let id = base;
    for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
    taken.add(id);
    return id;
  };
  const named: VerificationKey[] = [];
  for (const key of keys) {
    // A thumbprint of a secret would let anyone test guesses of it (RFC 7638 section 7).
    if (key.kid !== null && key.kid !== '') named.push({ id: key.kid, ...key });
    else if (key.jwk === null) named.push({ id: unique('secret'), ...key });
    else {
      const { calculateJwkThumbprint } = await import('jose');
      named.push({ id: unique(await calculateJwkThumbprint(key.jwk)), ...key });
    }
  }
  return named;
};

const crowdNotices = (keys: readonly VerificationKey[]): KeyNotice[] => {
  const crowded = SIGNATURE_ALGS.filter(
    (alg) => keys.filter(({ algs }) => algs.includes(alg)).length > TRIED_AT_MOST,
  );
  if (crowded.length === 0) return [];
  const message =
    `more than ${TRIED_AT_MOST} keys verify ${crowded.join(', ')}: ` +
    `a token without key id is tried against the first ${TRIED_AT_MOST} only`;
  return [{ code: 'keys_not_tried', message }];
};

const NO_KEYS: KeyOptions = {
  secretFiles: [],
  secretEnv: null,
  secret: null,
  keyFiles: [],
  jwksUrls: [],
  promptedSecret: null,
  algs: null,
};

/**
 * Loads every key that the options name into one ring; null when there is none, not even in `AUTHLOG_SECRET`.
 * Throws USAGE for a bad list of algorithms and KEY for a key that is missing, unreadable or unsafe;
 * no message holds key material.
 */
export const loadKeyRing = async (
  given: Partial<KeyOptions>,
  io: KeyIo = nodeKeyIo(process.env, Date.now() / 1000),
): Promise<KeyRing | null> => {
  const options = { ...NO_KEYS, ...given };
  const allowed = readAlgList(options.algs);
  const sources = await readSources(options, io);
  if (sources === null) return null;
  const notices = sources.flatMap((source) => source.notices);
  const candidates = withoutDuplicates(sources.flatMap((source) => source.candidates));
  const left = restrict(candidates, allowed, notices);
  notices.push(...left.map(weakSecretNotice).filter((notice) => notice !== null));
  const keys = await nameKeys(left.map(({ key }) => key));
  return { keys, notices: [...notices, ...crowdNotices(keys)] };
};
