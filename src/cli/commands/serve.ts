import { RULES } from '../../audit/rules/index.ts';
import { AuthlogError } from '../../errors.ts';
import { createGuard } from '../../guard/guard.ts';
import { parsePlace } from '../../guard/listen.ts';
import { createPeers, LOOPBACK } from '../../guard/peers.ts';
import { createApp } from '../../serve/app.ts';
import { createHosts, isLocal } from '../../serve/hosts.ts';
import { startPageServer } from '../../serve/server.ts';
import { shownStoreUrl } from '../../source/store-url.ts';
import { DEFAULT_USER_CLAIMS } from '../../verify/policy.ts';
import { loadGuardSettings, type SettingsFlags } from '../guard-settings.ts';
import type { Host } from '../host.ts';
import type { PolicyFlags } from '../key-flags.ts';
import { readMoment } from '../moment.ts';
import { packageVersion } from '../package-version.ts';
import { sayTo, type Say } from '../say.ts';
import { serveUntilSignal } from '../serve-until-signal.ts';
import { openHistory } from '../served-history.ts';
import { secondsOf, wordsOf } from '../values.ts';

/** Flags of `authlog serve`, as typed. */
export interface ServeFlags extends SettingsFlags, PolicyFlags {
  readonly store: string;
  readonly poll: string;
  readonly config?: string;
  readonly tz: string;
  readonly now?: string;
  readonly listen: string;
  readonly allowRemote?: boolean;
  readonly publicUrl?: readonly string[];
  readonly trustedProxy?: readonly string[];
  readonly userClaim?: readonly string[];
}

/** `authlog serve`: shows a store until a signal ends it; the exit code is 0 then. */
export const runServe = async (flags: ServeFlags, host: Host): Promise<number> => {
  const say = await sayTo(host);
  if (!flags.verify) {
    throw new AuthlogError(
      'USAGE',
      'serve does not work with --no-verify: it would let everybody look',
      'Give --secret-file FILE, --key FILE or --jwks URL.',
    );
  }
  const place = parsePlace(flags.listen, '--listen');
  const isRemote = !isLocal(place);
  if (isRemote && flags.allowRemote !== true) {
    throw new AuthlogError(
      'USAGE',
      `other machines reach ${flags.listen}, and tokens would travel there unencrypted`,
      'Listen on 127.0.0.1 behind a proxy that speaks https, or say --allow-remote.',
    );
  }
  const hosts = createHosts(place, wordsOf(flags.publicUrl ?? []));
  const peers = createPeers(wordsOf(flags.trustedProxy ?? LOOPBACK));
  const now = await clockOf(flags);
  const settings = await loadGuardSettings(flags, host, null);
  for (const { message } of settings.ring.notices) say.remark(message);
  if (settings.rules === null && flags.audience === undefined && flags.issuer === undefined) {
    say.remark(
      'every user with a valid token of these keys may look: --rules FILE asks for a role',
    );
  }
  const guard = createGuard({
    ...settings,
    issuers: flags.issuer ?? null,
    audiences: flags.audience ?? null,
    leeway: await secondsOf(flags.leeway),
    userClaims: flags.userClaim ?? DEFAULT_USER_CLAIMS,
    log: null,
  });
  const history = await openHistory(flags.store, { zone: flags.tz, config: flags.config }, host);
  try {
    const app = await createApp({
      history,
      guard,
      hosts,
      readMoment: (name, text, at) => readMoment(name, text, at, flags.tz),
      now,
      texts: { tz: flags.tz, rules: RULES, version: packageVersion() },
      pollMs: (await secondsOf(flags.poll)) * 1000,
      onFault: alarmOf(say),
    });
    const server = await startPageServer(app, place, peers);
    const shown = server.address.startsWith('unix:') ? server.address : `http://${server.address}/`;
    say.remark(`serving ${shownStoreUrl(flags.store)} at ${shown}`);
    if (isRemote) say.remark('nothing is encrypted here: put a proxy that speaks https before it');
    return await serveUntilSignal(
      {
        name: 'server',
        reload: async () => {
          try {
            guard.update(await loadGuardSettings(flags, host, settings.ring));
          } catch (error) {
            say.alarm('reload failed, the settings before it stay in use', error);
          }
        },
        stop: () => server.stop(),
        stopFailure: 'the server could not be closed',
      },
      say,
    );
  } finally {
    await history.close();
  }
};

/** The present: the clock, or what `--now` says for ever. */
const clockOf = async ({ now, tz }: ServeFlags): Promise<() => number> => {
  if (now === undefined) return Date.now;
  const fixed = await readMoment('--now', now, Date.now(), tz);
  return () => fixed;
};

const ALARM_EVERY_MS = 10_000;

/** At most once in ten seconds: a store that is away would fill the log of the service. */
const alarmOf = (say: Say): ((error: unknown) => void) => {
  let saidAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = Date.now();
    if (now - saidAt < ALARM_EVERY_MS) return;
    saidAt = now;
    say.alarm('a request could not be answered', error);
  };
};
