import type { ReadOptions } from '../analyze.ts';
import { audit, type AuditResult } from '../audit.ts';
import { clientAddress } from '../audit/client-address.ts';
import { searchWeakSecrets } from '../weak/search.ts';
import { findWordlists } from '../weak/wordlist.ts';
import type { ActivityTally } from '../summarize/activity.ts';
import type { AuditSettings } from './audit-settings.ts';
import { brokenChains } from './chains.ts';

/** Runs the rules over the sources, with what they need to know beside the events. */
export const runRules = async (
  options: ReadOptions,
  settings: AuditSettings,
  onProgress: ReadOptions['onProgress'],
  activity: ActivityTally | null = null,
): Promise<AuditResult> => {
  const { rules, context, lateness, learn, wordlists, proxies, trustedProxies } = settings;
  const cwd = options.cwd ?? process.cwd();
  const looksForSecrets = rules.some(({ rule }) => rule.id === 'AL018');
  // A list that is not there is told of before the reading.
  await findWordlists(wordlists);
  return audit({
    ...options,
    onProgress: onProgress ?? null,
    activity,
    rules,
    context: {
      ...context,
      weakSecrets: [],
      files: [],
      brokenChains: await brokenChains(options.inputs, cwd),
    },
    lateness,
    learn: learn ?? 0,
    clientAddress: proxies.length === 0 ? null : (ip) => clientAddress(ip, trustedProxies),
    findWeakSecrets: looksForSecrets
      ? (samples) =>
          searchWeakSecrets({
            keys: options.ring,
            samples,
            wordlists,
            threads: options.threads ?? 2,
          })
      : null,
  });
};
