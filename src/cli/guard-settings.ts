import { readTextFile } from '../config/text-file.ts';
import { AuthlogError } from '../errors.ts';
import type { GuardSettings } from '../guard/guard.ts';
import { parseRules } from '../guard/rules-file.ts';
import type { KeyRing } from '../keys/key.ts';
import { parseRevocations } from '../revocation/revocations-file.ts';
import type { Host } from './host.ts';
import type { KeyFlags } from './key-flags.ts';
import { resolveKeyRing } from './key-ring.ts';

/** The flags that decide whose tokens are good, and for what. */
export interface SettingsFlags extends KeyFlags {
  readonly rules?: string;
  readonly revocations?: string;
}

const CONFIG_LIMIT = 64 * 1024 * 1024;

/** Keys, rules and revocations as the files are now; `typed`: the ring of a secret that was typed, which is asked for once. */
export const loadGuardSettings = async (
  flags: SettingsFlags,
  host: Host,
  typed: KeyRing | null,
): Promise<GuardSettings> => {
  const ring = (await resolveKeyRing(flags, host, Date.now(), typed === null)) ?? typed;
  if (ring === null) {
    throw new AuthlogError(
      'USAGE',
      'no key to verify with',
      'Give --secret-file FILE, --key FILE or --jwks URL, or set AUTHLOG_SECRET.',
    );
  }
  const { rules, revocations } = flags;
  return {
    ring,
    rules: rules === undefined ? null : parseRules(await readConfig(rules), rules),
    revocations:
      revocations === undefined
        ? null
        : parseRevocations(await readConfig(revocations), revocations),
  };
};

const readConfig = (path: string): Promise<string> => readTextFile(path, CONFIG_LIMIT);
