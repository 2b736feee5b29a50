import { readTextFile } from '../../config/text-file.ts';
import { AuthlogError } from '../../errors.ts';
import type { GuardSettings } from '../../guard/guard.ts';
import { parsePlace } from '../../guard/listen.ts';
import { createPeers, LOOPBACK } from '../../guard/peers.ts';
import { parseRules } from '../../guard/rules-file.ts';
import { startService, type Service } from '../../guard/service.ts';
import type { KeyRing } from '../../keys/key.ts';
import { errorCode, printable } from '../../keys/printable.ts';
import type { EventLog } from '../../record/event-log.ts';
import { parseRevocations } from '../../revocation/revocations-file.ts';
import { DEFAULT_USER_CLAIMS } from '../../verify/policy.ts';
import { renderError } from '../../report/error.ts';
import type { Host } from '../host.ts';
import type { KeyFlags, PolicyFlags } from '../key-flags.ts';
import { resolveKeyRing } from '../key-ring.ts';
import { openLog } from '../open-log.ts';
import { themeFor } from '../look.ts';
import { secondsOf } from '../values.ts';

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

const CONFIG_LIMIT = 64 * 1024 * 1024;

/** `authlog guard`: answers until a signal ends it; the exit code is 0 then. */
export const runGuard = async (flags: GuardFlags, host: Host, version: string): Promise<number> => {
  const say = await sayer(host);
  if (!flags.verify) {
    throw new AuthlogError(
      'USAGE',
      'a guard does not work with --no-verify',
      'Give --secret-file FILE, --key FILE or --jwks URL.',
    );
  }
  const place = parsePlace(flags.listen, '--listen');
  const metricsListen = flags.metrics === undefined ? null : parsePlace(flags.metrics, '--metrics');
  const peers = createPeers(networksOf(flags));
  const to = recordedTo(flags);
  const settings = await loadSettings(flags, host, null);
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
  const reload = (): Promise<void> =>
    service.reload(() => loadSettings(flags, host, settings.ring));
  return serveUntilSignal(service, reload, say);
};

/** Also several in one text, for there is one environment variable. */
const networksOf = ({ trustedProxy = LOOPBACK }: GuardFlags): readonly string[] =>
  trustedProxy.flatMap((text) => text.split(/[\s,]+/)).filter((network) => network !== '');

interface Say {
  readonly remark: (sentence: string) => void;
  readonly alarm: (sentence: string, error: unknown) => void;
}

const sayer = async (host: Host): Promise<Say> => {
  const theme = await themeFor(host, host.stderr, 'auto');
  const say = (sentence: string, hint: string | null): void => {
    host.stderr.write(renderError(sentence, hint, theme));
  };
  return {
    remark: (sentence) => say(sentence, null),
    alarm: (sentence, error) => {
      const isOwn = error instanceof AuthlogError;
      const cause = isOwn ? error.message : (errorCode(error) ?? 'internal error');
      say(`${sentence}: ${cause}`, isOwn ? error.hint : null);
    },
  };
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

/** Keys, rules and revocations as the files are now; `typed`: the ring of a secret that was typed, which is asked for once. */
const loadSettings = async (
  flags: GuardFlags,
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

/** Serves; resolves to the exit code once a signal ended it in order. A second signal ends it at once. */
const serveUntilSignal = (
  service: Service,
  reload: () => Promise<void>,
  say: Say,
): Promise<number> => {
  const onFault = (error: unknown): void => {
    // What is wrong is unknown, so no further decision is made; a supervisor starts anew.
    const name = error instanceof Error ? error.name : 'unknown error';
    say.alarm(`${name}, the guard ends`, error);
    process.exit(70);
  };
  return new Promise((resolve) => {
    let reloading: Promise<void> = Promise.resolve();
    let isStopping = false;
    const onHangup = (): void => {
      // One after the other: the last files win.
      if (!isStopping) reloading = reloading.then(reload);
    };
    const finish = (code: number): void => {
      for (const [event, listener] of listeners) process.off(event, listener);
      resolve(code);
    };
    const onEnd = (signal: unknown): void => {
      if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
      isStopping = true;
      service.stop().then(
        () => finish(0),
        (error: unknown) => {
          say.alarm('the record could not be closed', error);
          finish(4);
        },
      );
    };
    const listeners: readonly (readonly [string, (error?: unknown) => void])[] = [
      ['SIGHUP', onHangup],
      ['SIGTERM', onEnd],
      ['SIGINT', onEnd],
      ['uncaughtException', onFault],
      ['unhandledRejection', onFault],
    ];
    for (const [event, listener] of listeners) process.on(event, listener);
  });
};
