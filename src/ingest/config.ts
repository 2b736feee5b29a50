import { createHash } from 'node:crypto';
import { AuthlogError } from '../errors.ts';
import type { JudgeConfig } from '../judge/judge.ts';
import type { Config } from './state.ts';

const HASH_LENGTH = 22;

/** What decides which event a line becomes: the settings as a hash, the keys by their names (a secret is never hashed). */
export const configOf = (
  judge: JudgeConfig,
  maxLine: number,
  recordedOnly: boolean,
  pseudonyms: boolean,
): Config => {
  const { clock, leeway, issuers, audiences, userClaims, allowPadding, maxToken } = judge.policy;
  const settings = {
    verified: judge.ring !== null || recordedOnly,
    policy: { clock, leeway, issuers, audiences, userClaims, allowPadding, maxToken },
    zone: judge.zone,
    year: judge.year,
    pattern: judge.pattern,
    maxLine,
    pseudonyms,
  };
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('base64url');
  const keys = (judge.ring?.keys ?? []).map(({ id, algs }) => `${id} ${algs.join(',')}`);
  return { settings: hash.slice(0, HASH_LENGTH), keys };
};

/** Throws USAGE where lines would become other events than before; keys may come and go, but not all at once. */
export const checkConfig = (path: string, before: Config, now: Config): void => {
  const isOther = before.settings !== now.settings;
  const isAllNew =
    before.keys.length > 0 &&
    now.keys.length > 0 &&
    !now.keys.some((key) => before.keys.includes(key));
  if (!isOther && !isAllNew) return;
  throw new AuthlogError(
    'USAGE',
    `${path} was ingested with other ${isOther ? 'settings' : 'keys'} until now`,
    'Give the flags of before, or go on with these from here: --reset-state.',
  );
};

/** What is kept of both: a run without keys, over files of events, does not forget which keys there were. */
export const joinConfig = (before: Config, now: Config): Config =>
  now.keys.length === 0 ? { ...now, keys: before.keys } : now;
