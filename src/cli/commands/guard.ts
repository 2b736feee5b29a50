import { AuthlogError } from '../../errors.ts';
import type { GuardSettings } from '../../guard/guard.ts';
import { parsePlace } from '../../guard/listen.ts';
import { createPeers, LOOPBACK } from '../../guard/peers.ts';
import { startService, type Service } from '../../guard/service.ts';
import { printable } from '../../keys/printable.ts';
import type { EventLog } from '../../record/event-log.ts';
import { DEFAULT_USER_CLAIMS } from '../../verify/policy.ts';
import { loadGuardSettings } from '../guard-settings.ts';
import type { Host } from '../host.ts';
import type { KeyFlags, PolicyFlags } from '../key-flags.ts';
import { openLog } from '../open-log.ts';
import { sayTo, type Say } from '../say.ts';
import { serveUntilSignal } from '../serve-until-signal.ts';
import { secondsOf, wordsOf } from '../values.ts';

/** Flags of `authlog guard`, as typed. */
export interface GuardFlags extends KeyFlags, PolicyFlags {
  readonly listen: string;
  readonly metrics?: string;
  readonly trustedProxy?: readonly string[];
  readonly envoyPrefix?: string;
  readonly maxConnections: number;
  readonly realm: string;
  /** False for `--no-record`. */
  readonly record?: string | boolean;
  readonly durability: 'none' | 'interval' | 'always';
  readonly onRecordFail: 'deny' | 'allow';
  readonly chain?: boolean;
  readonly rules?: string;
  readonly revocations?: string;
  readonly userClaim?: readonly string[];
  readonly maxToken: number;
}

/** `authlog guard`: answers until a signal ends it; the exit code is 0 then. */
export const runGuard = async (flags: GuardFlags, host: Host, version: string): Promise<number> => {
  const say = await sayTo(host);
  if (!flags.verify) {
    throw new AuthlogError(
      'USAGE',
      'a guard does not work with --no-verify',
      'Give --secret-file FILE, --key FILE or --jwks URL.',
    );
  }
  const place = parsePlace(flags.listen, '--listen');
  const metricsListen = flags.metrics === undefined ? null : parsePlace(flags.metrics, '--metrics');
  const peers = createPeers(wordsOf(flags.trustedProxy ?? LOOPBACK));
  const to = recordedTo(flags);
  const settings = await loadGuardSettings(flags, host, null);
  for (const { message } of settings.ring.notices) say.remark(message);
  const leeway = await secondsOf(flags.leeway);
  const log = await openRecord(to, flags, say);
  let service: Service;
  try {
    service = await startService({
      ...settings,
      issuers: flags.issuer ?? null,
      audiences: flags.audience ?? null,
      leeway,
      userClaims: flags.userClaim ?? DEFAULT_USER_CLAIMS,
      maxToken: flags.maxToken,
      log,
      onRecordFail: flags.onRecordFail,
      realm: flags.realm,
      listen: place,
      metricsListen,
      peers,
      envoyPrefix: flags.envoyPrefix ?? null,
      maxConnections: flags.maxConnections,
      version,
      onAlarm: say.alarm,
    });
  } catch (error) {
    await log?.close();
    throw error;
  }
  say.remark(startLine(service, settings, to));
  return serveUntilSignal(
    {
      name: 'guard',
      reload: () => service.reload(() => loadGuardSettings(flags, host, settings.ring)),
      stop: () => service.stop(),
      stopFailure: 'the record could not be closed',
    },
    say,
  );
};

/** The file that decisions go to; null where the person said that they go nowhere. */
const recordedTo = ({ record }: GuardFlags): string | null => {
  if (typeof record === 'string') return record;
  if (record === false) return null;
  throw new AuthlogError(
    'USAGE',
    'no place to record decisions',
    'Give --record FILE, or say --no-record.',
  );
};

const openRecord = async (
  to: string | null,
  { durability, chain = false }: GuardFlags,
  say: Say,
): Promise<EventLog | null> =>
  to === null ? null : await openLog(to, { durability, chain, onNotice: say.remark });

const startLine = (service: Service, settings: GuardSettings, to: string | null): string => {
  const keys = settings.ring.keys.length;
  const parts = [
    `guard listens on ${service.address}`,
    keys === 1 ? '1 key' : `${keys} keys`,
    to === null ? 'records nothing' : `records to ${printable(to)}`,
  ];
  if (service.metricsAddress !== null) parts.push(`metrics on ${service.metricsAddress}`);
  return parts.join(', ');
};
